package tenantdb_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestParseIDTakesDNSLabelsAsTheyAre(t *testing.T) {
	for _, name := range []string{"a", "7", "acme", "acme-2", "a--b", "com10", "com", "xn--bcher-kva", strings.Repeat("x", 63)} {
		id, err := tenantdb.ParseID(name)
		if err != nil || id.String() != name {
			t.Errorf("ParseID(%q) = %q, %v", name, id, err)
		}
	}
}

var hostileNames = []string{
	"", " ", ".", "..", "-", "a-", "-a", "acme ", " acme", "acme\n", "Acme", "ACME", "äcme", "ｅcme", "acme\u0301", "日本", "🙂",
	"a/b", "/etc/passwd", "../acme", "..\\acme", "a\\b", "c:acme", "%2e%2e%2fx", "..%2fx", "a%00", "a\x00b", "\x00",
	"a?mode=memory", "a#b", "a?b", "file:a", ":memory:", "acme.db", "a.b", ".a", "a_b", "a+b", "a*b", "~", "$HOME", "a;b", "a'b", `a"b`,
	"con", "prn", "aux", "nul", "com1", "com0", "lpt9", strings.Repeat("x", 64), strings.Repeat("../", 1000), "a\u200bb", "a\u202eb",
}

func TestParseIDRefusesHostileNames(t *testing.T) {
	for _, name := range hostileNames {
		if id, err := tenantdb.ParseID(name); !errors.Is(err, tenantdb.ErrBadID) || !id.IsZero() {
			t.Errorf("ParseID(%q) = %q, %v", name, id, err)
		}
	}
}

func TestAnIDGoesThroughTextAndBack(t *testing.T) {
	id := tenanttest.ID(t, "acme")
	text, err := id.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back tenantdb.ID
	if err := back.UnmarshalText(text); err != nil || back != id {
		t.Errorf("came back as %q, %v", back, err)
	}
	if err := back.UnmarshalText([]byte("../x")); !errors.Is(err, tenantdb.ErrBadID) || back != id {
		t.Errorf("after a bad text: %q, %v", back, err)
	}
	if _, err := (tenantdb.ID{}).MarshalText(); !errors.Is(err, tenantdb.ErrBadID) {
		t.Errorf("the zero ID: %v", err)
	}
}

// FuzzParseID creates a file for each name that is accepted, in both layouts, and
// looks where it came to be: in the tenants' folder and nowhere else.
func FuzzParseID(f *testing.F) {
	for _, name := range append(hostileNames, "acme", "a-1") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			if !errors.Is(err, tenantdb.ErrBadID) {
				t.Fatalf("%q: %v", name, err)
			}
			return
		}
		if id.String() != name {
			t.Fatalf("%q became %q", name, id)
		}
		outside := t.TempDir()
		for layout, pattern := range map[tenantdb.Layout]string{tenantdb.Flat: "tenants/*", tenantdb.Sharded: "tenants/??/*"} {
			folder := filepath.Join(outside, layout.String(), "data")
			path := tenantdb.TenantPath(t, folder, layout, id)
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(folder, path)
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := filepath.Match(pattern, filepath.ToSlash(rel)); !ok || err != nil {
				t.Fatalf("%q is at %s", name, rel)
			}
		}
		files := 0
		err = filepath.WalkDir(outside, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() && filepath.Base(path) != "silo.json" {
				files++
			}
			return err
		})
		if err != nil || files != 2 {
			t.Fatalf("%q: %d files, %v", name, files, err)
		}
	})
}
