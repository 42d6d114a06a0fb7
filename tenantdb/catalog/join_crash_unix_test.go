//go:build unix

package catalog_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// withPlan makes a folder with a global database of the application, which has a row and is
// open, and whose files fail as planned.
func withPlan(t *testing.T) (dir *tenantdb.Dir, app *global.Queries, plan *sqlitefault.Plan, closeDir func()) {
	t.Helper()
	folder := t.TempDir()
	plan = sqlitefault.Below(t, folder)
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	closeDir = func() {
		t.Helper()
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	}
	db, err := global.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	app = global.New(db)
	if _, err := app.CreatePlan(t.Context(), global.CreatePlanParams{ID: "gold", Name: "Gold"}); err != nil {
		t.Fatal(err)
	}
	return dir, app, plan, closeDir
}

// wants checks that there is the application's row, and that the catalog works.
func wants(t *testing.T, dir *tenantdb.Dir, n int) {
	t.Helper()
	k, err := kitOf(t.Context(), dir)
	if err != nil {
		t.Fatalf("step %d: %v", n, err)
	}
	if plans, err := global.New(k.global).ListPlans(t.Context()); err != nil || len(plans) != 1 {
		t.Errorf("step %d: the application has %v, %v", n, plans, err)
	}
	if _, err := k.c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "acme")}); err != nil {
		t.Errorf("step %d: %v", n, err)
	}
}

func TestACrashAtAnyWriteOfTheCatalogsMigrationLeavesAFileThatServesBoth(t *testing.T) {
	n := 0
	for crashed := true; crashed; n++ {
		crashed = false
		dir, _, plan, closeDir := withPlan(t)
		left := t.TempDir()
		plan.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, After: n, Meanwhile: func() {
			// What a process that is killed here leaves on the disk. Another process
			// copies it: to close a file that is open would drop its locks.
			crashed = true
			if out, err := exec.Command("cp", "-r", dir.Path(), left).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		}})
		if _, err := catalog.Open(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		plan.Disarm()
		closeDir()
		if crashed {
			wants(t, tenanttest.Dir(t, tenantdb.Options{Path: filepath.Join(left, filepath.Base(dir.Path()))}), n)
		}
	}
	if n < 3 {
		t.Errorf("there were %d writes", n)
	}
	t.Logf("%d crashes", n-1)
}

func TestACatalogThatCannotBeMadeCostsTheApplicationNothing(t *testing.T) {
	faults := []sqlitefault.Fault{
		{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed},
		{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: true},
		{File: sqlitefault.Database, Op: sqlitefault.Read, Code: sqlitefault.ReadFailed},
	}
	for i, fault := range faults {
		n := i // of each third step another, for each takes its time
		for failed := 1; failed > 0; n += len(faults) {
			dir, app, plan, closeDir := withPlan(t)
			fault.After = n
			plan.Arm(fault)
			_, err := catalog.Open(t.Context(), dir)
			if failed = plan.Disarm(); failed == 0 && err != nil {
				t.Errorf("%+v: nothing failed, and the error is %v", fault, err)
			}
			if plans, err := app.ListPlans(t.Context()); err != nil || len(plans) != 1 {
				t.Errorf("%+v: the application has %v, %v", fault, plans, err)
			}
			wants(t, dir, n)
			closeDir()
		}
		if n <= i+len(faults) {
			t.Errorf("%+v: nothing failed", fault)
		}
	}
}
