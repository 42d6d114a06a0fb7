package tenantdb_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

type notesDB = tenantdb.TenantDB[notes]

// newNotes opens a store of notes with one tenant.
func newNotes(t *testing.T) tenanttest.Tenant[notes] {
	t.Helper()
	return tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
}

func wantNotes(t *testing.T, a tenanttest.Tenant[notes], want ...string) {
	t.Helper()
	if got, err := list(a.Context, a.DB); err != nil || !slices.Equal(got, want) {
		t.Errorf("there are %q, %v; want %q", got, err, want)
	}
}

func TestACallNeedsTheContextOfItsTenant(t *testing.T) {
	acme, globex := tenanttest.New(t, tenantdb.OpenStore[notes]).Two()
	for name, tt := range map[string]struct {
		ctx  context.Context
		want error
	}{
		"none":    {t.Context(), tenantdb.ErrNoTenant},
		"another": {globex.Context, tenantdb.ErrTenantMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			write := acme.DB.Write(tt.ctx, func(context.Context, *tenantdb.Tx[notes]) error { return errors.New("was called") })
			read := acme.DB.Read(tt.ctx, func(context.Context, *tenantdb.ReadTx[notes]) error { return errors.New("was called") })
			_, listErr := list(tt.ctx, acme.DB)
			for call, err := range map[string]error{"Write": write, "Read": read, "query": listErr, "exec": add(tt.ctx, acme.DB, "x")} {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: %v", call, err)
				}
			}
			err := acme.DB.Write(acme.Context, func(_ context.Context, tx *tenantdb.Tx[notes]) error { return add(tt.ctx, tx, "x") })
			if !errors.Is(err, tt.want) {
				t.Errorf("in a transaction: %v", err)
			}
		})
	}
	wantNotes(t, acme)
}

func TestResolveNeedsATenantThatIsThere(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	if _, err := kit.Store.Resolve(t.Context()); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("without a tenant: %v", err)
	}
	if _, err := kit.Store.Resolve(tenanttest.Context(t, "acme")); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("unknown: %v", err)
	}
	if ids, err := kit.Store.Tenants(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("resolving an unknown tenant made %v, %v", ids, err)
	}
}

func TestAContextCarriesOneTenantForLife(t *testing.T) {
	acme := tenanttest.Context(t, "acme")
	if again, err := tenantdb.WithTenant(acme, tenanttest.ID(t, "acme")); err != nil || again != acme {
		t.Errorf("the same tenant again: %v", err)
	}
	if _, err := tenantdb.WithTenant(acme, tenanttest.ID(t, "globex")); !errors.Is(err, tenantdb.ErrTenantRebound) {
		t.Errorf("another tenant: %v", err)
	}
	if _, err := tenantdb.WithTenant(t.Context(), tenantdb.ID{}); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("the zero ID: %v", err)
	}
}

func TestNilAndZeroHandlesFailClosed(t *testing.T) {
	ctx := tenanttest.Context(t, "acme")
	inWrite := func(context.Context, *tenantdb.Tx[notes]) error { return nil }
	inRead := func(context.Context, *tenantdb.ReadTx[notes]) error { return nil }
	var none *notesDB
	var noGlobal *tenantdb.GlobalDB[ledger]
	var noStore *tenantdb.Store[notes]
	resolve := func(s *tenantdb.Store[notes]) error { _, err := s.Resolve(ctx); return err }
	for name, err := range map[string]error{
		"nil interface":    add[notes](ctx, nil, "x"),
		"nil TenantDB":     add(ctx, none, "x"),
		"zero TenantDB":    add(ctx, &notesDB{}, "x"),
		"nil GlobalDB":     add(ctx, noGlobal, "x"),
		"zero GlobalDB":    add(ctx, &tenantdb.GlobalDB[ledger]{}, "x"),
		"nil Tx":           add(ctx, (*tenantdb.Tx[notes])(nil), "x"),
		"zero Tx":          add(ctx, &tenantdb.Tx[notes]{}, "x"),
		"nil ReadTx":       add(ctx, (*tenantdb.ReadTx[notes])(nil), "x"),
		"zero ReadTx":      add(ctx, &tenantdb.ReadTx[notes]{}, "x"),
		"nil Write":        none.Write(ctx, inWrite),
		"zero Write":       (&notesDB{}).Write(ctx, inWrite),
		"nil Read":         none.Read(ctx, inRead),
		"zero Read":        (&notesDB{}).Read(ctx, inRead),
		"nil global Write": noGlobal.Write(ctx, nil),
		"nil global Read":  noGlobal.Read(ctx, nil),
		"nil Store":        resolve(noStore),
		"zero Store":       resolve(&tenantdb.Store[notes]{}),
		"nil Store Create": noStore.Create(ctx, tenanttest.ID(t, "acme")),
		"nil Store Delete": noStore.Delete(ctx, tenanttest.ID(t, "acme")),
		"zero Binding":     query.Exec(ctx, query.Binding{}, addNote, query.Text("x")),
	} {
		if !errors.Is(err, tenantdb.ErrNoHandle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if id := none.Tenant(); !id.IsZero() {
		t.Errorf("a nil handle is of tenant %v", id)
	}
}

func TestTheOuterHandleInsideATransactionIsRefusedAtOnce(t *testing.T) {
	acme := newNotes(t)
	try := func(ctx context.Context) {
		t.Helper()
		_, listErr := list(ctx, acme.DB)
		for call, err := range map[string]error{
			"query": listErr,
			"exec":  add(ctx, acme.DB, "x"),
			"Write": acme.DB.Write(ctx, func(context.Context, *tenantdb.Tx[notes]) error { return nil }),
			"Read":  acme.DB.Read(ctx, func(context.Context, *tenantdb.ReadTx[notes]) error { return nil }),
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
	dir := tenanttest.Dir(t, tenantdb.Options{WriteWait: 20 * time.Millisecond})
	ctx, db := create(t, openStore[notes](t, dir), "acme")
	err := db.Write(ctx, func(context.Context, *tenantdb.Tx[notes]) error { return add(ctx, db, "x") })
	var busy *tenantdb.BusyError
	if !errors.Is(err, tenantdb.ErrWriterBusy) || !errors.As(err, &busy) || busy.Holder == "" || busy.Waited < 20*time.Millisecond {
		t.Errorf("got %v", err)
	}
	if !tenantdb.SafeToRetry(err) {
		t.Error("a call that did not get the writer is safe to retry")
	}
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
		short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
		defer cancel()
		if err := query.Exec(short, tenantdb.Bind(tx), forEver); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the statement: %v", err)
		}
		// SQLite has rolled back: this must not be committed by itself.
		if err := add(ctx, tx, "after"); !errors.Is(err, tenantdb.ErrTxAborted) {
			t.Errorf("the next statement: %v", err)
		}
		return nil
	})
	if !errors.Is(err, tenantdb.ErrTxAborted) || !errors.Is(err, context.DeadlineExceeded) {
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

func TestAClosedDirRefusesEverything(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	global, err := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(kit.Dir.Close(), kit.Dir.Close()); err != nil {
		t.Fatal(err)
	}
	_, listErr := list(acme.Context, acme.DB)
	_, resolveErr := kit.Store.Resolve(acme.Context)
	_, openErr := tenantdb.OpenGlobal[ledger](t.Context(), kit.Dir)
	for call, err := range map[string]error{
		"query":       listErr,
		"Write":       acme.DB.Write(acme.Context, func(context.Context, *tenantdb.Tx[notes]) error { return nil }),
		"global":      add(t.Context(), global, "x"),
		"Resolve":     resolveErr,
		"Create":      kit.Store.Create(t.Context(), tenanttest.ID(t, "late")),
		"Delete":      kit.Store.Delete(t.Context(), tenanttest.ID(t, "acme")),
		"open global": openErr,
	} {
		if !errors.Is(err, tenantdb.ErrClosed) {
			t.Errorf("%s: %v", call, err)
		}
	}
}
