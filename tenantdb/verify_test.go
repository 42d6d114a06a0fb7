package tenantdb_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestACopyIsVerifiedWhateverItsSize(t *testing.T) {
	for name, tt := range map[string]struct{ notes, bytes int }{
		"one page of notes":                 {1, 10},
		"written by several calls":          {3, 1 << 20},
		"too large to be checked in memory": {3, 12 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			kit := tenanttest.New(t, tenantdb.OpenStore[notes])
			acme := kit.Tenant("acme")
			for i := range tt.notes {
				if err := add(acme.Context, acme.DB, strings.Repeat(fmt.Sprint(i), tt.bytes)); err != nil {
					t.Fatal(err)
				}
			}
			source, m := snapshotOf(t, kit.Store, acme.ID)
			if m.Size < int64(tt.notes*tt.bytes) || m.SchemaVersion != 1 {
				t.Errorf("the manifest is %+v", m)
			}
			if err := kit.Store.Inspect(t.Context(), acme.ID, source); err != nil {
				t.Error(err)
			}
			tenantdb.EvictIdle(kit.Dir, 1)
			mend := damageLastPage(t, tenantdb.PathOf(acme.DB))
			folder := plainTemp(t)
			_, err := kit.Store.Snapshot(t.Context(), acme.ID, filepath.Join(folder, "copy.db"), tenantdb.SnapshotOptions{})
			if !errors.Is(err, tenantdb.ErrCorrupt) {
				t.Errorf("of a damaged tenant: %v", err)
			}
			wantFolder(t, folder)
			mend()
		})
	}
}

// damageLastPage makes the last page of a file that nobody has open, one of a tree or of a
// long value, such as cannot be, until mend is called.
func damageLastPage(t *testing.T, path string) (mend func()) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := len(content) - 4096
	write := func(p []byte) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteAt(p, int64(at))
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("\xff\xff\xff\xff"))
	return func() { write(content[at : at+4]) }
}
