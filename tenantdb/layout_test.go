package tenantdb_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestEachDataFolderHasAnIDThatMovesWithIt(t *testing.T) {
	parent := t.TempDir()
	id := func(name string) string {
		dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: filepath.Join(parent, name)})
		if err != nil {
			t.Fatal(err)
		}
		if err := dir.Close(); err != nil {
			t.Fatal(err)
		}
		return dir.FolderID()
	}
	first := id("first")
	if err := os.Rename(filepath.Join(parent, "first"), filepath.Join(parent, "moved")); err != nil {
		t.Fatal(err)
	}
	if moved, other := id("moved"), id("first"); len(first) != 32 || moved != first || other == first {
		t.Errorf("it is %q, moved %q, and of another in its place %q", first, moved, other)
	}
	if id := (*tenantdb.Dir)(nil).FolderID(); id != "" {
		t.Errorf("of no Dir it is %q", id)
	}
}

func TestAFolderWhoseRecordIsNotSilosIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "does not say how the folder is laid out",
		"{":                             "does not say how the folder is laid out",
		`{"version":1,"layout":"flat"}`: `has no "folder", which tells the data folder from others: give it one`,
		`{"version":2,"layout":"flat","folder":"a"}`:    "says version 2",
		`{"version":1,"layout":"sharded","folder":"a"}`: `layout "sharded"`,
		`{"version":1,"layout":"upwards","folder":"a"}`: `layout "upwards"`,
		`{"version":1,"layout":"flat","folder":["a"]}`:  "does not say how the folder is laid out",
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "silo.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	dir := tenanttest.Dir(t, tenantdb.Options{Layout: tenantdb.Sharded})
	if again := tenanttest.Dir(t, tenantdb.Options{Path: dir.Path(), Layout: tenantdb.AsRecorded}); again.FolderID() != dir.FolderID() {
		t.Errorf("as recorded it is %q, and was %q", again.FolderID(), dir.FolderID())
	}
}
