package tenantdb_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// adoptBytes has a file of these bytes adopted, which is refused or becomes a tenant that
// SQLite finds nothing wrong with.
func adoptBytes(t *testing.T, store *tenantdb.Store[notesLater], content []byte, sum string) (adopted bool) {
	t.Helper()
	path := filepath.Join(plainTemp(t), "damaged.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, "damaged")
	_, err := store.Adopt(ctx, idOf("damaged"), tenantdb.Source{Path: path, SHA256: sum})
	if err != nil {
		if !errors.Is(err, tenantdb.ErrUnfit) {
			t.Errorf("it is refused with %v", err)
		}
		if _, err := store.Resolve(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
			t.Errorf("it was refused, and there is a tenant: %v", err)
		}
		return false
	}
	db, err := store.Resolve(ctx)
	if err == nil {
		_, err = list(ctx, db)
	}
	if err != nil {
		t.Errorf("it was adopted, and cannot be used: %v", err)
	}
	copied := filepath.Join(plainTemp(t), "copy.db")
	if _, err := store.Snapshot(ctx, idOf("damaged"), copied, tenantdb.SnapshotOptions{}); err != nil {
		t.Error(err)
	} else if err := tenanttest.Check(ctx, filepath.Dir(copied)); err != nil {
		t.Errorf("it was adopted, and is damaged: %v", err)
	}
	if err := store.Delete(ctx, idOf("damaged")); err != nil {
		t.Fatal(err)
	}
	return true
}

// copyToDamage returns the bytes of a tenant of some pages of each kind, and their sum.
func copyToDamage(t testing.TB) (*tenantdb.Store[notesLater], []byte, string) {
	t.Helper()
	kit := tenanttest.New(t, tenantdb.OpenStore[notesLater])
	acme := kit.Tenant("acme")
	for i := range 60 {
		body := fmt.Sprintf("%0200d", i)
		if i == 7 {
			body = fmt.Sprintf("%09000d", i) // on pages of its own
		}
		if err := add(acme.Context, acme.DB, body); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(plainTemp(t), "copy.db")
	m, err := kit.Store.Snapshot(acme.Context, acme.ID, path, tenantdb.SnapshotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return kit.Store, content, m.SHA256
}

func TestABitThatIsFlippedInAnyPageIsFoundByTheSumAndNeverMakesADamagedTenant(t *testing.T) {
	store, content, sum := copyToDamage(t)
	const page = 4096
	places := []int{0, 3, 8, 100, 300, 1000, 2500, 4000, 4095}
	if testing.Short() {
		places = []int{3, 4000}
	}
	refused, adopted := 0, 0
	for at := 0; at < len(content); at += page {
		for _, place := range places {
			damaged := append([]byte(nil), content...)
			damaged[at+place] ^= 1 << (place % 8)
			if adoptBytes(t, store, damaged, sum) {
				t.Errorf("page %d, byte %d: the sum did not tell", at/page, place)
			}
			if adoptBytes(t, store, damaged, "") {
				adopted++
			} else {
				refused++
			}
		}
	}
	if refused == 0 || !adoptBytes(t, store, content, sum) {
		t.Errorf("%d are refused, or the one that is whole is", refused)
	}
	t.Logf("%d pages; without the sum %d refused, %d adopted with another value, all sound", len(content)/page, refused, adopted)
}

func FuzzDamagedFilesAreRefusedOrSound(f *testing.F) {
	store, content, _ := copyToDamage(f)
	f.Add(uint32(47), []byte("0"), uint32(0)) // a schema format that is none
	f.Add(uint32(100), []byte{0}, uint32(0))
	f.Add(uint32(16), []byte{0, 1}, uint32(0))
	f.Add(uint32(28), []byte{0, 0, 0, 1}, uint32(4096))
	f.Add(uint32(4096), []byte{13, 0, 0, 0, 0}, uint32(1))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, cut uint32) {
		damaged := append([]byte(nil), content...)
		copy(damaged[int(at)%len(damaged):], patch)
		adoptBytes(t, store, damaged[:len(damaged)-int(cut)%len(damaged)], "")
	})
}

func TestADiskThatFailsInTheMiddleLeavesEverythingAsItWas(t *testing.T) {
	type fault = sqlitefault.Fault
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	plan := sqlitefault.Below(t, kit.Dir.Path())
	acme := kit.Tenant("acme")
	for i := range 50 {
		if err := add(acme.Context, acme.DB, fmt.Sprintf("%01000d", i)); err != nil {
			t.Fatal(err)
		}
	}
	source, _ := snapshotOf(t, kit.Store, acme.ID)
	if err := add(acme.Context, acme.DB, "since"); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(kit.Dir.Path(), "copies")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	ops := map[string]func() error{
		"snapshot": func() error {
			_, err := kit.Store.Snapshot(t.Context(), acme.ID, filepath.Join(out, "a.db"), tenantdb.SnapshotOptions{})
			return err
		},
		"adopt":   func() error { _, err := kit.Store.Adopt(t.Context(), idOf("globex"), source); return err },
		"restore": func() error { return kit.Store.Restore(t.Context(), acme.ID, source) },
		"retire": func() error {
			_, err := kit.Store.Retire(t.Context(), acme.ID)
			return err
		},
	}
	for name, f := range map[string]fault{
		"a full disk":         {File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Times: 1 << 30},
		"a write that fails":  {File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed, Times: 1 << 30},
		"half a write":        {File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: true, Times: 1 << 30},
		"a read that fails":   {File: sqlitefault.Database, Op: sqlitefault.Read, After: 3, Code: sqlitefault.ReadFailed, Times: 1 << 30},
		"a write later on":    {File: sqlitefault.Database, Op: sqlitefault.Write, After: 1, Code: sqlitefault.DiskFull, Times: 1 << 30},
		"a journal's failure": {File: sqlitefault.Journal, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Times: 1 << 30},
	} {
		for op, run := range ops {
			if f.File == sqlitefault.Journal && op != "retire" {
				continue // has none
			}
			if f.Op == sqlitefault.Write && op == "snapshot" {
				continue // it is not written by SQLite: see fillDisk
			}
			t.Run(name+" in "+op, func(t *testing.T) {
				tenantdb.EvictIdle(kit.Dir, 1)
				plan.Arm(f)
				err := run()
				if failed := plan.Disarm(); failed == 0 {
					t.Skipf("it does not do that: %v", err)
				}
				if !errors.Is(err, tenantdb.ErrDiskFull) && !errors.Is(err, tenantdb.ErrIO) {
					t.Fatalf("got %v", err)
				}
				wantFolder(t, out)
				now := reopened(t, kit.Store, "acme")
				if n, err := count(now.Context, now.DB, countNotes); err != nil || n != 51 {
					t.Errorf("it has %d notes, %v", n, err)
				}
				// A journal that SQLite could not play back is played back by now.
				wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db")
			})
		}
	}
}
