package tenantdb_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The look at the migrations reads on the writer's connection, and is turned out for who
// wants to write.
func TestAMigrationThatAnotherToolTookDownIsSeenByALookThatIsTurnedOut(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notesLater])
	tenantdb.StopKeeper(kit.Dir) // beside which the look would get a reader
	plan := sqlitefault.Below(t, kit.Dir.Path())
	acme := kit.Tenant("acme")
	// So that the look lasts until it is turned out.
	many := "INSERT INTO goose_db_version (version_id, is_applied) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT 0, 1 FROM n"
	if err := tenantdb.TakeDown(t, acme.DB, 3, many, "ALTER TABLE folders DROP COLUMN colour"); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	plan.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Read, Meanwhile: func() {
		go func() { wrote <- add(acme.Context, acme.DB, "wanted") }()
		for !tenantdb.TurnedOut(t, kit.Dir, acme.DB) {
			runtime.Gosched()
		}
	}})
	if _, err := tenantdb.ResolveAgain(acme.Context, acme.DB); err != nil {
		t.Fatal(err)
	}
	if plan.Disarm() == 0 {
		t.Fatal("nothing was read of the log")
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
	conn, err := sqlite.Open(t.Context(), tenantdb.PathOf(acme.DB), 0, sqlite.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	found, err := conn.QueryRow("SELECT colour FROM folders", func(*sqlite.Stmt) {})
	if err != nil || !found {
		t.Error(fmt.Errorf("the migration was not run again: %w", err))
	}
}

// SQLite ends a transaction in which it could not read. The next call must not take it for one
// that an idle reader has kept open.
func TestALookThatCouldNotReadCostsTheNextCallNothing(t *testing.T) {
	kit, faults := tenanttest.NewFailing(t, tenantdb.Options{}, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	tenantdb.OpenReadersAfter(kit.Dir, 0)
	failed := 0
	for i := range 3 {
		if err := add(acme.Context, acme.DB, fmt.Sprint("note ", i)); err != nil {
			t.Fatal(err)
		}
		warm(t, acme)
		faults.Inject(tenanttest.Fault{What: tenanttest.FailRead, Times: 1000})
		if _, err := tenantdb.ResolveAgain(acme.Context, acme.DB); err != nil {
			t.Errorf("the look is the next call's to tell of: %v", err)
		}
		failed += faults.Stop()
		err := acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
			for range 2 {
				if _, err := count(ctx, tx, countNotes); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if failed == 0 {
		t.Error("nothing was read")
	}
}
