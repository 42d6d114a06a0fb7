package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// notesSlow takes some time to migrate, to be killed in.
type notesSlow struct{ tenantdb.Tenant }

func (notesSlow) Migrations() fs.FS {
	return files(notes1, notes2, notes3, `-- +goose Up
CREATE TABLE many (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO many (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000) SELECT hex(randomblob(20)) FROM n;
CREATE UNIQUE INDEX many_body ON many (body);
`)
}
func (s notesSlow) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }

// migrateSlowly resolves acme with its slow migrations.
func migrateSlowly(args []string) error {
	_, store, err := childStore[notesSlow](args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	_, _, err = childTenant(store, "acme")
	if err == nil {
		fmt.Println("migrated")
	}
	return err
}

func TestAProcessKilledWhileItMigratesLeavesTheTenantBeforeOrAfter(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	// How long a migration takes here decides when to kill.
	folder := folderWith[notes](t)
	c := childtest.Start(t, "migrateSlowly", folder)
	c.Line(t)
	start := time.Now()
	c.Line(t)
	took := time.Since(start)
	c.Finish(t)

	before, after := 0, 0
	original := os.DirFS(folderWith[notes](t))
	for i := range kills {
		folder := filepath.Join(t.TempDir(), strconv.Itoa(i))
		if err := os.CopyFS(folder, original); err != nil {
			t.Fatal(err)
		}
		c := childtest.Start(t, "migrateSlowly", folder)
		c.Line(t)
		time.Sleep(rand.N(took + took/4)) // the point is to hit any instant
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed

		_, old, oldErr := reopenOnce[notes](t, folder)
		switch {
		case oldErr == nil && old == 1:
			before++
		case errors.Is(oldErr, tenantdb.ErrSchemaAhead):
			after++
		default:
			t.Errorf("kill %d: as the old program sees it: %d notes, %v", i, old, oldErr)
		}
		pages, n, err := reopenOnce[notesSlow](t, folder)
		if err != nil || n != 1 || pages != 3 {
			t.Errorf("kill %d: migrated again: %d notes, %d pages, %v", i, n, pages, err)
		}
		if err := tenanttest.Check(t.Context(), folder); err != nil {
			t.Errorf("kill %d: %v", i, err)
		}
	}
	t.Logf("killed %d times within %v: %d before the migration took effect, %d after", kills, took, before, after)
}

// reopenOnce opens the folder, counts acme's rows and closes it again.
func reopenOnce[S tenantdb.TenantSchema](t *testing.T, folder string) (pages, notes int64, err error) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	ctx := tenanttest.Context(t, "acme")
	db, err := openStore[S](t, dir).Resolve(ctx)
	if err != nil {
		return 0, 0, err
	}
	notes, err = count(ctx, db, countNotes)
	if err == nil {
		pages, _ = count(ctx, db, countPages) // the old version has none
	}
	return pages, notes, err
}

// writeOn creates tenants and writes to them, telling of each acknowledgement.
func writeOn(args []string) error {
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	defer dir.Close()
	for i := 0; ; i++ {
		name := fmt.Sprintf("%s-%d", args[1], i/20)
		if i%20 == 0 {
			id, err := tenantdb.ParseID(name)
			if err != nil {
				return err
			}
			if err := store.Create(context.Background(), id); err != nil {
				return err
			}
			fmt.Println("created", name)
		}
		ctx, db, err := childTenant(store, name)
		if err != nil {
			return err
		}
		err = db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
			return errors.Join(add(ctx, tx, fmt.Sprint(i, " first half")), add(ctx, tx, fmt.Sprint(i, " second half")))
		})
		if err != nil {
			return err
		}
		fmt.Println("wrote", name)
	}
}

func TestEveryAcknowledgedWriteOutlivesAKilledProcess(t *testing.T) {
	kills := 30
	if testing.Short() {
		kills = 5
	}
	folder := t.TempDir()
	acknowledged := map[string]int{}
	for i := range kills {
		c := childtest.Start(t, "writeOn", folder, fmt.Sprintf("r%d", i))
		for range 1 + rand.N(120) {
			var what, name string
			if _, err := fmt.Sscan(c.Line(t), &what, &name); err != nil {
				t.Fatal(err)
			}
			if what == "created" {
				acknowledged[name] = 0
			} else {
				acknowledged[name]++
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed
	}
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
	total := 0
	for name, transactions := range acknowledged {
		ctx := tenanttest.Context(t, name)
		db, err := store.Resolve(ctx)
		if err != nil {
			t.Errorf("%s was acknowledged: %v", name, err)
			continue
		}
		n, err := count(ctx, db, countNotes)
		if err != nil || n < int64(2*transactions) || n%2 != 0 {
			t.Errorf("%s has %d rows of %d acknowledged, %v", name, n, 2*transactions, err)
		}
		total += transactions
	}
	// A tenant that was being created is whole or absent.
	ids, err := store.Tenants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if _, err := store.Resolve(tenanttest.Context(t, id.String())); err != nil {
			t.Errorf("%v: %v", id, err)
		}
	}
	t.Logf("%d kills, %d transactions acknowledged, all there", kills, total)
}

func TestLeftoversOfAProcessThatDiedWhileCreatingAreRemovedInTime(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	folder := filepath.Join(kit.Dir.Path(), "tenants")
	young, old := filepath.Join(folder, ".a.db.building.1"), filepath.Join(folder, ".b.db.building.2")
	for _, path := range []string{young, old, old + "-wal"} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := time.Now().Add(-2 * time.Hour)
	if err := errors.Join(os.Chtimes(old, longAgo, longAgo), os.Chtimes(old+"-wal", longAgo, longAgo)); err != nil {
		t.Fatal(err)
	}
	tenanttest.Dir(t, tenantdb.Options{Path: kit.Dir.Path()})
	left, err := filepath.Glob(filepath.Join(folder, ".*"))
	if err != nil || len(left) != 1 || left[0] != young {
		t.Errorf("left are %v, %v", left, err)
	}
	if ids, err := kit.Store.Tenants(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("they are taken for tenants: %v, %v", ids, err)
	}
}
