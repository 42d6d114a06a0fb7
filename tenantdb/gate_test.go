package tenantdb_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// door is a gate that answers what it is told to.
type door struct {
	asked     atomic.Int64
	admission tenantdb.Admission
	err       error
}

func (d *door) Admit(context.Context, tenantdb.ID) (tenantdb.Admission, error) {
	d.asked.Add(1)
	return d.admission, d.err
}

func TestResolveAsksTheGateBeforeItOpensAnything(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	id := tenanttest.ID(t, "acme")
	if err := kit.Store.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, "acme")
	shut := errors.New("shut")
	gate := &door{err: shut}
	kit.Dir.SetGate(gate)
	_, err := kit.Store.Resolve(ctx)
	var own *tenantdb.Error
	if !errors.Is(err, shut) || !errors.As(err, &own) || own.Tenant != id || own.Op != "resolve" {
		t.Errorf("the error is %v", err)
	}
	if open := kit.Dir.Stats().Open; open != 0 {
		t.Errorf("%d tenants are open", open)
	}
	kit.Dir.SetGate(&door{})
	db, err := kit.Store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	kit.Dir.SetGate(&door{admission: tenantdb.Admission{ReadOnly: shut}})
	limited, err := kit.Store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, limited, "x"); !errors.Is(err, shut) || !tenantdb.SafeToRetry(err) {
		t.Errorf("a write by a handle that only reads: %v", err)
	}
	if err := add(ctx, db, "x"); err != nil {
		t.Errorf("a write by the handle of before: %v", err)
	}
	kit.Dir.SetGate(nil)
	if db, err = kit.Store.Resolve(ctx); err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, db, "y"); err != nil {
		t.Errorf("without a gate: %v", err)
	}
	if n := gate.asked.Load(); n != 1 {
		t.Errorf("the gate that was replaced was asked %d times", n)
	}
}

func TestTheVersionOfTheGlobalDatabaseChangesWithEachCommitAndNothingElse(t *testing.T) {
	folder := t.TempDir()
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder})
	db, err := tenantdb.OpenGlobal[ledger](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	version := func(ctx context.Context) tenantdb.Version {
		t.Helper()
		v, err := db.Version(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := version(t.Context())
	if !first.Known() || first != version(t.Context()) || (tenantdb.Version{}).Known() {
		t.Errorf("at first it is %v, and then %v", first, version(t.Context()))
	}
	failed := errors.New("undone")
	err = db.Write(t.Context(), func(ctx context.Context, tx *tenantdb.Tx[ledger]) error {
		if err := add(ctx, tx, "ann"); err != nil {
			return err
		}
		if version(ctx) != first {
			t.Error("it changed before the commit")
		}
		return failed
	})
	if !errors.Is(err, failed) || version(t.Context()) != first {
		t.Errorf("%v, and after a rollback it is another", err)
	}
	if err := add(t.Context(), db, "ann"); err != nil {
		t.Fatal(err)
	}
	second := version(t.Context())
	if second == first {
		t.Error("it is the same after a commit")
	}
	// Nobody has committed since, but while the file was closed another process might have,
	// and what SQLite keeps in memory begins anew.
	tenantdb.Reopen(t, db)
	third := version(t.Context())
	tenantdb.Reopen(t, db)
	if fourth := version(t.Context()); third == second || fourth == third {
		t.Error("it is the same after the file was closed and opened")
	}
	var none *tenantdb.GlobalDB[ledger]
	if _, err := none.Version(t.Context()); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("of nothing: %v", err)
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Version(t.Context()); !errors.Is(err, tenantdb.ErrClosed) {
		t.Errorf("of a closed Dir: %v", err)
	}
}
