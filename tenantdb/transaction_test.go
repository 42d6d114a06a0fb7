package tenantdb_test

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestTheOuterHandleInsideATransactionIsRefusedAtOnce(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	try := func(ctx context.Context) {
		t.Helper()
		_, listErr := list(ctx, acme.DB)
		for call, err := range map[string]error{
			"query":   listErr,
			"exec":    add(ctx, acme.DB, "x"),
			"Write":   acme.DB.Write(ctx, func(context.Context, *tenantdb.Tx[notes]) error { return nil }),
			"Read":    acme.DB.Read(ctx, func(context.Context, *tenantdb.ReadTx[notes]) error { return nil }),
			"Resolve": func() error { _, err := kit.Store.Resolve(ctx); return err }(),
		} {
			if !errors.Is(err, tenantdb.ErrNested) {
				t.Errorf("%s: %v", call, err)
			}
		}
	}
	err := acme.DB.Write(acme.Context, func(ctx context.Context, _ *tenantdb.Tx[notes]) error { try(ctx); return nil })
	if err != nil {
		t.Error(err)
	}
	err = acme.DB.Read(acme.Context, func(ctx context.Context, _ *tenantdb.ReadTx[notes]) error { try(ctx); return nil })
	if err != nil {
		t.Error(err)
	}
}

func TestTheGlobalDatabaseIsReachedFromInsideATenantsTransaction(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	global, err := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	err = acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		return errors.Join(add(ctx, tx, "in the tenant"), add(ctx, global, "in the global database"))
	})
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, acme, "in the tenant")
	if got, err := list(t.Context(), global); err != nil || !slices.Equal(got, []string{"in the global database"}) {
		t.Errorf("the global database has %q, %v", got, err)
	}
}

func TestATenantThatIsBoundInsideAGlobalTransactionDoesNotLeaveIt(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	global, err := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	err = global.Write(t.Context(), func(ctx context.Context, tx *tenantdb.Tx[ledger]) error {
		bound, err := tenantdb.WithTenant(ctx, acme.ID)
		if err != nil {
			return err
		}
		if err := add(bound, global, "would wait for itself"); !errors.Is(err, tenantdb.ErrNested) {
			t.Errorf("the global handle: %v", err)
		}
		return errors.Join(add(bound, tx, "in the global database"), add(bound, acme.DB, "in the tenant"))
	})
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, acme, "in the tenant")
}

func TestATransactionEndsWithItsCallback(t *testing.T) {
	acme := newNotes(t)
	var leaked *tenantdb.Tx[notes]
	var leakedRead *tenantdb.ReadTx[notes]
	err := acme.DB.Write(acme.Context, func(_ context.Context, tx *tenantdb.Tx[notes]) error { leaked = tx; return nil })
	if err != nil {
		t.Fatal(err)
	}
	err = acme.DB.Read(acme.Context, func(_ context.Context, tx *tenantdb.ReadTx[notes]) error { leakedRead = tx; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := add(acme.Context, leaked, "x"); !errors.Is(err, tenantdb.ErrTxDone) {
		t.Errorf("Tx: %v", err)
	}
	if _, err := list(acme.Context, leakedRead); !errors.Is(err, tenantdb.ErrTxDone) {
		t.Errorf("ReadTx: %v", err)
	}
	wantNotes(t, acme)
}

func TestAnErrorOfTheCallbackUndoesItsWritesAndComesBackAsItIs(t *testing.T) {
	acme := newNotes(t)
	mine := errors.New("mine")
	err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		return errors.Join(add(ctx, tx, "x"), mine)
	})
	if !errors.Is(err, mine) || tenantdb.SafeToRetry(mine) {
		t.Errorf("got %v", err)
	}
	wantNotes(t, acme)
}

func TestAPanicInACallbackRollsBackFreesTheWriterAndGoesOn(t *testing.T) {
	acme := newNotes(t)
	func() {
		defer func() {
			if r := recover(); r != "boom" {
				t.Errorf("recovered %v", r)
			}
		}()
		_ = acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
			if err := add(ctx, tx, "x"); err != nil {
				t.Error(err)
			}
			panic("boom")
		})
	}()
	if err := add(acme.Context, acme.DB, "after"); err != nil {
		t.Fatal(err)
	}
	wantNotes(t, acme, "after")
}

func TestGoexitInACallbackRollsBackAndFreesTheWriter(t *testing.T) {
	acme := newNotes(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
			if err := add(ctx, tx, "x"); err != nil {
				t.Error(err)
			}
			runtime.Goexit()
			return nil
		})
	}()
	<-done
	if err := add(acme.Context, acme.DB, "after"); err != nil {
		t.Fatal(err)
	}
	wantNotes(t, acme, "after")
}

func TestAWriterThatWaitsTooLongIsToldWhoHoldsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // in which waiting alone takes time
		dir := tenanttest.Dir(t, tenantdb.Options{Wait: 20 * time.Millisecond})
		ctx, db := create(t, openStore[notes](t, dir), "acme")
		var err error
		outer := db.Write(ctx, func(ctx2 context.Context, tx *tenantdb.Tx[notes]) error {
			if err := add(ctx2, tx, "held"); err != nil {
				return err
			}
			err = add(ctx, db, "x") // with the context from outside
			return nil
		})
		if outer != nil {
			t.Fatal(outer)
		}
		var busy *tenantdb.BusyError
		if !errors.Is(err, tenantdb.ErrWriterBusy) || !errors.As(err, &busy) || !strings.Contains(busy.Holder, "AddNote") || busy.Waited != 20*time.Millisecond {
			t.Errorf("got %v", err)
		}
		if !tenantdb.SafeToRetry(err) {
			t.Error("a call that did not get the writer is safe to retry")
		}
	})
}

func TestWhatACallbackReturnedIsNotSafeToRetry(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	global, err := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	// The row in the global database is committed by itself, and stays.
	err = acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		if err := add(ctx, global, "kept"); err != nil {
			return err
		}
		_, err := query.One(ctx, tenantdb.Bind(tx), listNotes, scanText)
		return err
	})
	if !errors.Is(err, sql.ErrNoRows) || tenantdb.SafeToRetry(err) {
		t.Errorf("got %v, safe to retry: %v", err, tenantdb.SafeToRetry(err))
	}
}

func TestACallThatFindsAllReadersInUseSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := tenanttest.Dir(t, tenantdb.Options{Wait: 20 * time.Millisecond})
		ctx, db := create(t, openStore[notes](t, dir), "acme")
		err := db.Read(ctx, func(context.Context, *tenantdb.ReadTx[notes]) error {
			return db.Read(ctx, func(context.Context, *tenantdb.ReadTx[notes]) error {
				short, cancel := context.WithTimeout(ctx, time.Millisecond)
				defer cancel()
				if _, err := list(short, db); !errors.Is(err, tenantdb.ErrReadersBusy) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("with a deadline: %v", err)
				}
				_, err := list(ctx, db)
				return err
			})
		})
		if !errors.Is(err, tenantdb.ErrReadersBusy) {
			t.Errorf("got %v", err)
		}
	})
}

func TestACallThatWaitsForTheWriterEndsWithItsContext(t *testing.T) {
	acme := newNotes(t)
	err := acme.DB.Write(acme.Context, func(context.Context, *tenantdb.Tx[notes]) error {
		ctx, cancel := context.WithTimeout(acme.Context, time.Millisecond)
		defer cancel()
		return add(ctx, acme.DB, "x")
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestAContextThatEndsInsideATransactionUndoesIt(t *testing.T) {
	acme := newNotes(t)
	ctx, cancel := context.WithCancel(acme.Context)
	err := acme.DB.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		if err := add(ctx, tx, "x"); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || !tenantdb.SafeToRetry(err) {
		t.Errorf("got %v", err)
	}
	wantNotes(t, acme)
}

var forEver = query.Write("ForEver", "notes.sql:20",
	"INSERT INTO notes (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")

func TestAStatementStopsWhenItsContextEnds(t *testing.T) {
	acme := newNotes(t)
	ctx, cancel := context.WithTimeout(acme.Context, 30*time.Millisecond)
	defer cancel()
	err := query.Exec(ctx, tenantdb.Bind(acme.DB), forEver)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	wantNotes(t, acme)
}

func TestAfterAStatementWasStoppedItsTransactionIsRolledBackEvenIfTheCallbackDoesNotCare(t *testing.T) {
	acme := newNotes(t)
	err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		if err := add(ctx, tx, "before"); err != nil {
			return err
		}
		ending := &lookedAt{Context: ctx, end: 20} // which is while the statement runs
		if err := query.Exec(ending, tenantdb.Bind(tx), forEver); !errors.Is(err, context.Canceled) {
			t.Errorf("the statement: %v", err)
		}
		// SQLite has rolled back: this must not be committed by itself.
		if err := add(ctx, tx, "after"); !errors.Is(err, tenantdb.ErrTxAborted) {
			t.Errorf("the next statement: %v", err)
		}
		return nil
	})
	if !errors.Is(err, tenantdb.ErrTxAborted) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantNotes(t, acme)
}

func TestAFailedStatementLeavesTheRestOfItsTransaction(t *testing.T) {
	acme := newNotes(t)
	err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		if err := add(ctx, tx, "a"); err != nil {
			return err
		}
		if err := add(ctx, tx, "a"); !errors.Is(err, tenantdb.ErrUnique) || !errors.Is(err, tenantdb.ErrConstraint) {
			t.Errorf("the same note twice: %v", err)
		}
		return add(ctx, tx, "b")
	})
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, acme, "a", "b")
}

func TestAReadSeesOneSnapshot(t *testing.T) {
	acme := newNotes(t)
	err := acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
		// The context of the transaction would be refused; this one is outside.
		if err := add(acme.Context, acme.DB, "meanwhile"); err != nil {
			return err
		}
		if got, err := list(ctx, tx); err != nil || len(got) != 0 {
			t.Errorf("the snapshot has %q, %v", got, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, acme, "meanwhile")
}

func TestOnlyWriteRunsWhatAsksForTheConnectionsPast(t *testing.T) {
	acme := newNotes(t)
	if _, err := count(acme.Context, acme.DB, lastNote); !errors.Is(err, tenantdb.ErrNeedsWrite) {
		t.Errorf("outside: %v", err)
	}
	err := acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
		_, err := count(ctx, tx, lastNote)
		return err
	})
	if !errors.Is(err, tenantdb.ErrNeedsWrite) {
		t.Errorf("in Read: %v", err)
	}
	err = acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		if err := add(ctx, tx, "x"); err != nil {
			return err
		}
		if last, err := count(ctx, tx, lastNote); err != nil || last != 1 {
			t.Errorf("in Write: %d, %v", last, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAStatementThatWritesIsRefusedWhereOnlyReadingIsMeant(t *testing.T) {
	acme := newNotes(t)
	err := acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error { return add(ctx, tx, "x") })
	if !errors.Is(err, tenantdb.ErrNeedsWrite) {
		t.Errorf("in Read: %v", err)
	}
	// One that claims to read runs on a connection that cannot write.
	liar := query.Read("Liar", "notes.sql:30", "INSERT INTO notes (body) VALUES ('x')")
	if err := query.Exec(acme.Context, tenantdb.Bind(acme.DB), liar); !errors.Is(err, tenantdb.ErrReadOnly) {
		t.Errorf("a liar: %v", err)
	}
	wantNotes(t, acme)
}

func TestAStatementThatWaitsForAnotherOfItsTransactionEndsWithItsContext(t *testing.T) {
	acme := tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
	endless := query.Read("Endless", "notes.sql", "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
	err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		running, stop := context.WithCancel(ctx)
		ended := make(chan error)
		go func() {
			_, err := query.One(running, tenantdb.Bind(tx), endless, scanInt)
			ended <- err
		}()
		// Once it runs, a statement with a context that has ended is told so; before, it
		// is told too, and has waited for nothing.
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		for short.Err() == nil {
			if _, err := count(short, tx, countNotes); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the one that waits: %v", err)
			}
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the one that runs: %v", err)
		}
		return nil
	})
	if err != nil && !errors.Is(err, tenantdb.ErrTxAborted) {
		t.Error(err)
	}
}
