package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestDoctorFindsWhatIsWrongAndMendsWhatIsSafe(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, w world, id tenantdb.ID) error
		kind  lifecycle.FindingKind
		mends bool
		after func(t *testing.T, w world, id tenantdb.ID)
	}{
		"a file that the catalog does not know": {
			func(t *testing.T, w world, _ tenantdb.ID) error {
				return w.store.Create(t.Context(), tenanttest.ID(t, "orphan"))
			}, lifecycle.FoundOrphanFile, true,
			func(t *testing.T, w world, _ tenantdb.ID) {
				w.wantState(t, tenanttest.ID(t, "orphan"), catalog.Active)
			},
		},
		"a tenant without its file": {
			func(t *testing.T, w world, id tenantdb.ID) error { return w.store.Delete(t.Context(), id) }, lifecycle.FoundMissingFile, false,
			func(t *testing.T, w world, id tenantdb.ID) { w.wantState(t, id, catalog.Active) },
		},
		"a deleted tenant with a file": {
			func(t *testing.T, w world, id tenantdb.ID) error {
				_, err := w.m.Delete(t.Context(), id, "")
				return errors.Join(err, w.store.Create(t.Context(), id))
			}, lifecycle.FoundDeletedFile, true,
			func(t *testing.T, w world, id tenantdb.ID) { w.wantState(t, id, catalog.Deleted) },
		},
		"a creation that died": {
			func(t *testing.T, w world, _ tenantdb.ID) error {
				_, err := w.cat.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "half"), State: catalog.Creating})
				return errors.Join(err, w.store.Create(t.Context(), tenanttest.ID(t, "half")))
			}, lifecycle.FoundInterrupted, true,
			func(t *testing.T, w world, _ tenantdb.ID) {
				_, err := w.cat.Get(t.Context(), tenanttest.ID(t, "half"))
				wantErr(t, err, catalog.ErrNotRegistered)
			},
		},
		"a deletion that died": {
			func(t *testing.T, w world, id tenantdb.ID) error {
				_, err := w.cat.SetState(t.Context(), id, 2, catalog.Change{State: catalog.Deleting})
				return err
			}, lifecycle.FoundInterrupted, true,
			func(t *testing.T, w world, id tenantdb.ID) { w.wantState(t, id, catalog.Deleted) },
		},
		"a leftover": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return old(filepath.Join(w.dir.Path(), "tenants", ".acme.db.building.7"))
			}, lifecycle.FoundLeftover, true, nil,
		},
		"work that was left": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return os.MkdirAll(filepath.Join(w.dir.Path(), "work", "acme.123"), 0o700)
			}, lifecycle.FoundLeftover, true, nil,
		},
		"work of an operation that was left": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return os.MkdirAll(filepath.Join(w.dir.Path(), "work", "62", "acme.123.tenant.db"), 0o700) // CRC-32 of acme, modulo 64
			}, lifecycle.FoundLeftover, true, nil,
		},
		"a log without a database, with data": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return os.WriteFile(filepath.Join(w.dir.Path(), "tenants", "nobody.db-wal"), []byte("writes"), 0o600)
			}, lifecycle.FoundStray, false, nil,
		},
		"an empty log without a database": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return os.WriteFile(filepath.Join(w.dir.Path(), "tenants", "nobody.db-wal"), nil, 0o600)
			}, lifecycle.FoundStray, true, nil,
		},
		"a file that is no tenant's": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return os.WriteFile(filepath.Join(w.dir.Path(), "tenants", "Notes.txt"), nil, 0o600)
			}, lifecycle.FoundStray, false, nil,
		},
		"a file that others can read": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				return os.Chmod(filepath.Join(w.dir.Path(), "tenants", "acme.db"), 0o644)
			}, lifecycle.FoundPermissions, true, nil,
		},
		"half a backup": {
			func(t *testing.T, w world, id tenantdb.ID) error {
				w.backup(t, id)
				return os.Remove(filepath.Join(w.dir.Path(), "backups", "acme", "000000000001.json"))
			}, lifecycle.FoundHalfBackup, true, nil,
		},
		"the other half": {
			func(t *testing.T, w world, id tenantdb.ID) error {
				w.backup(t, id)
				return os.Remove(filepath.Join(w.dir.Path(), "backups", "acme", "000000000001.db"))
			}, lifecycle.FoundHalfBackup, false, nil,
		},
		"a long log": {
			func(_ *testing.T, w world, _ tenantdb.ID) error {
				path := filepath.Join(w.dir.Path(), "long.db-wal")
				return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, lifecycle.LongLog+1))
			}, lifecycle.FoundLongLog, false, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && tt.kind == lifecycle.FoundPermissions {
				t.Skip("files have no such permissions there")
			}
			w := newWorld(t, lifecycle.Options{})
			id := w.create(t, "acme", "first")
			if err := tt.spoil(t, w, id); err != nil {
				t.Fatal(err)
			}
			want := []string{fmt.Sprint(tt.kind, " can")}
			if !tt.mends {
				want = []string{fmt.Sprint(tt.kind, " none")}
			}
			w.wantFound(t, lifecycle.DoctorOptions{}, want)
			if tt.mends {
				w.wantFound(t, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}, []string{fmt.Sprint(tt.kind, " mended")})
				w.wantHealthy(t)
			} else {
				w.wantFound(t, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}, want)
			}
			if tt.after != nil {
				tt.after(t, w, id)
			}
		})
	}
}

func (w world) wantFound(t *testing.T, o lifecycle.DoctorOptions, want []string) {
	t.Helper()
	list, err := w.findings(t.Context(), o)
	var got []string
	for _, f := range list {
		got = append(got, fmt.Sprint(f.Kind, " ", f.Remedy))
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v; want %q", list, err, want)
	}
}

func TestDoctorReadsFilesOnDemandAndJudgesThem(t *testing.T) {
	folder := t.TempDir()
	prepareFolder(t, folder, crash{prepare: makeAcme})
	path := filepath.Join(folder, "tenants", "acme.db")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := slices.Clone(good)
	for i := 4096; i < 8192; i++ { // a page of it
		bad[i] = 0xff
	}
	if err := os.WriteFile(path, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	w, err := enter(t.Context(), dir, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.wantFound(t, lifecycle.DoctorOptions{}, nil)
	w.wantFound(t, lifecycle.DoctorOptions{Depth: lifecycle.DepthContent, Tenant: acme}, []string{"damage none"})
}

func TestDoctorPassesOverATenantOnWhichAnOperationIsUnderWay(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	_, err := w.m.Create(t.Context(), creation{ID: id, Seed: func(ctx context.Context, db *tenant.DB) error {
		// Another context: as another process would look.
		list, err := w.findings(t.Context(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
		if err != nil || len(list) != 1 || list[0].Remedy != lifecycle.RemedyPending || list[0].Tenant != id {
			t.Errorf("got %+v, %v", list, err)
		}
		return set(ctx, db, "made", "once")
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "once")
}
