package lifecycle_test

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// newerRelease migrates the tenants of a folder by this program's migrations and one more.
func newerRelease(t *testing.T, folder, migration string) {
	t.Helper()
	files := fstest.MapFS{"00999_newer.sql": &fstest.MapFile{Data: []byte(migration)}}
	err := fs.WalkDir(schema.Tenant, "tenant", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(schema.Tenant, name)
		files[path.Base(name)] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenantdb.OpenRuntimeStore(t.Context(), dir, "tenant", files)
	if err == nil {
		_, err = store.MigrateUp(t.Context(), acme, tenantdb.MigrateOptions{})
	}
	if err := errors.Join(err, dir.Close()); err != nil {
		t.Fatal(err)
	}
}

// A file that a newer release has migrated is not broken; the doctor of an older one says what it can
// say, which is that it is newer.
func TestDoctorOfAnOlderReleaseSaysOfAFileThatItIsNewer(t *testing.T) {
	for name, migration := range map[string]string{
		"that this release cannot use": "-- +goose Up\nCREATE TABLE newer (a TEXT);\n",
		"that it can live with":        "-- silo: compatible-with 8\n-- +goose Up\nCREATE TABLE newer (a TEXT);\n",
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			prepareFolder(t, folder, crash{prepare: makeAcme})
			newerRelease(t, folder, migration)
			w := worldIn(t, folder, lifecycle.Options{})
			w.wantFound(t, lifecycle.DoctorOptions{}, nil)
			list, err := w.findings(t.Context(), lifecycle.DoctorOptions{Depth: lifecycle.DepthContent, Fix: lifecycle.FixSafe, Tenant: tenanttest.ID(t, "acme")})
			if err != nil || len(list) != 1 || list[0].Kind != lifecycle.FoundNewer || list[0].Remedy != lifecycle.RemedyNone ||
				!strings.HasPrefix(list[0].Problem, "a newer release") || !strings.Contains(list[0].Problem, "migration 999") || list[0].Next == "" {
				t.Errorf("got %+v, %v", list, err)
			}
		})
	}
}
