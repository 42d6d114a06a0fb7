package worker_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
	"github.com/silokit/silo/tenantdb/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type pool = worker.Pool[tenant.Schema]

// newPool returns a pool for a store of the tenants t0, t1, …
func newPool(ctx context.Context, t *testing.T, tenants int, options worker.Options) (*pool, []tenanttest.Tenant[tenant.Schema]) {
	t.Helper()
	kit := tenanttest.New(t, tenant.Open)
	var all []tenanttest.Tenant[tenant.Schema]
	for i := range tenants {
		all = append(all, kit.Tenant(fmt.Sprintf("t%d", i)))
	}
	p, err := worker.New(ctx, kit.Store, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p, all
}

// failures collects what a pool tells of.
type failures struct {
	mu   sync.Mutex
	said map[string]error // by tenant, the last
}

func (f *failures) add(ctx context.Context, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.said == nil {
		f.said = map[string]error{}
	}
	id, _ := tenantdb.TenantFrom(ctx)
	f.said[id.String()] = err
}

func TestWorkOfATenantRunsInOrderOneAtATimeAndOnItsOwnRows(t *testing.T) {
	var failed failures
	const tenants, each, room = 6, 30, 3
	p, all := newPool(t.Context(), t, tenants, worker.Options{Tenants: room, Failed: failed.add})
	var busy [tenants]atomic.Int32
	var together atomic.Int32
	for n := range each {
		for i, one := range all {
			ctx, end := context.WithCancel(one.Context)
			err := p.Submit(ctx, func(ctx context.Context, db *tenant.DB) error {
				if now := together.Add(1); now > room {
					t.Errorf("work of %d tenants runs at once", now)
				}
				if now := busy[i].Add(1); now != 1 {
					t.Errorf("%d pieces of %s run at once", now, one.ID)
				}
				defer together.Add(-1)
				defer busy[i].Add(-1)
				return tenant.New(db).InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{Actor: one.ID.String(), Event: fmt.Sprint(n), SubjectKind: "x", SubjectID: "y"})
			})
			end() // the request is over
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if len(failed.said) > 0 {
		t.Errorf("failed: %v", failed.said)
	}
	for _, one := range all {
		rows, err := tenant.New(one.DB).ListAuditLog(one.Context, 1000)
		if err != nil || len(rows) != each {
			t.Fatalf("%s has %d rows, %v", one.ID, len(rows), err)
		}
		slices.Reverse(rows) // newest first
		for n, row := range rows {
			if row.Actor != one.ID.String() || row.Event != fmt.Sprint(n) {
				t.Errorf("row %d of %s is %s's, of event %s", n, one.ID, row.Actor, row.Event)
			}
		}
	}
}

func TestWhatHappensToATenantsWorkIsToldAndStopsNobody(t *testing.T) {
	failure := errors.New("no such printer")
	tests := []struct {
		name string
		work worker.Work[tenant.Schema]
		is   func(error) bool
	}{
		{"an error", func(context.Context, *tenant.DB) error { return failure }, func(err error) bool { return errors.Is(err, failure) }},
		{"a panic", func(context.Context, *tenant.DB) error { panic("out of paper") }, func(err error) bool {
			var p *worker.PanicError
			return errors.As(err, &p) && p.Value == "out of paper" && strings.Contains(string(p.Stack), "pool_test.go") && strings.Contains(err.Error(), "out of paper")
		}},
		{"a panic with an error", func(context.Context, *tenant.DB) error { panic(failure) }, func(err error) bool { return errors.Is(err, failure) }},
		{"the end of its goroutine", func(context.Context, *tenant.DB) error { runtime.Goexit(); return nil }, func(err error) bool { return errors.Is(err, worker.ErrGoexit) }},
		{"nothing", func(context.Context, *tenant.DB) error { return nil }, func(err error) bool { return err == nil }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var failed failures
			p, all := newPool(t.Context(), t, 2, worker.Options{Tenants: 1, Failed: failed.add})
			if err := p.Do(all[0].Context, tt.work); !tt.is(err) {
				t.Errorf("Do: %v", err)
			}
			if err := p.Submit(all[0].Context, tt.work); err != nil {
				t.Fatal(err)
			}
			for _, one := range all {
				if err := p.Do(one.Context, func(context.Context, *tenant.DB) error { return nil }); err != nil {
					t.Errorf("the next work of %s: %v", one.ID, err)
				}
			}
			if !tt.is(failed.said["t0"]) || failed.said["t1"] != nil {
				t.Errorf("told is %v", failed.said)
			}
		})
	}
}

func TestATenantThatCannotBeResolvedHasNoWorkRun(t *testing.T) {
	p, _ := newPool(t.Context(), t, 0, worker.Options{})
	err := p.Do(tenanttest.Context(t, "nobody"), func(context.Context, *tenant.DB) error { t.Error("it ran"); return nil })
	if !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("Do: %v", err)
	}
	for name, f := range map[string]func(context.Context, worker.Work[tenant.Schema]) error{"Do": p.Do, "Submit": p.Submit} {
		if err := f(t.Context(), nil); !errors.Is(err, tenantdb.ErrNoTenant) {
			t.Errorf("%s without a tenant: %v", name, err)
		}
	}
	if _, err := worker.New(tenanttest.Context(t, "acme"), tenanttest.New(t, tenant.Open).Store, worker.Options{}); !errors.Is(err, tenantdb.ErrTenantRebound) {
		t.Errorf("a pool of one tenant: %v", err)
	}
	if _, err := worker.New[tenant.Schema](t.Context(), nil, worker.Options{}); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("a pool of no store: %v", err)
	}
}

func TestNilAndZeroPoolsAreErrors(t *testing.T) {
	for _, p := range []*pool{nil, {}} {
		if err := p.Do(tenanttest.Context(t, "acme"), nothing); !errors.Is(err, tenantdb.ErrNoHandle) {
			t.Errorf("Do: %v", err)
		}
		if err := p.Submit(tenanttest.Context(t, "acme"), nothing); !errors.Is(err, tenantdb.ErrNoHandle) {
			t.Errorf("Submit: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

// hold has a tenant's work run until release is called.
func hold(ctx context.Context, t *testing.T, p *pool) (release func()) {
	t.Helper()
	begun, goOn := make(chan struct{}), make(chan struct{})
	if err := p.Submit(ctx, func(context.Context, *tenant.DB) error { close(begun); <-goOn; return nil }); err != nil {
		t.Fatal(err)
	}
	<-begun
	return func() { close(goOn) }
}

func nothing(context.Context, *tenant.DB) error { return nil }

func TestMoreThanMayWaitIsRefused(t *testing.T) {
	p, all := newPool(t.Context(), t, 3, worker.Options{Tenants: 1, Waiting: 3, WaitingOfOne: 2})
	release := hold(all[0].Context, t, p)
	for i, tt := range []struct {
		of   int
		want error
	}{{0, nil}, {0, nil}, {0, worker.ErrFull}, {1, nil}, {2, worker.ErrFull}, {1, worker.ErrFull}} {
		if err := p.Submit(all[tt.of].Context, nothing); !errors.Is(err, tt.want) {
			t.Errorf("piece %d, of %s: %v, want %v", i, all[tt.of].ID, err, tt.want)
		}
	}
	if err := p.Do(all[2].Context, nothing); !errors.Is(err, worker.ErrFull) {
		t.Errorf("Do: %v", err)
	}
	release()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(context.Context, worker.Work[tenant.Schema]) error{"Do": p.Do, "Submit": p.Submit} {
		if err := f(all[0].Context, nothing); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("%s, closed: %v", name, err)
		}
	}
}

func TestManyPiecesOfOneTenantDoNotKeepOthersFromTheirTurn(t *testing.T) {
	p, all := newPool(t.Context(), t, 2, worker.Options{Tenants: 1})
	release := hold(all[0].Context, t, p)
	var order []string // the pool has room for one piece at a time
	for i := range 21 {
		one := all[i/20]
		if err := p.Submit(one.Context, func(context.Context, *tenant.DB) error { order = append(order, one.ID.String()); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	release()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if at := slices.Index(order, "t1"); at != 0 || len(order) != 21 {
		t.Errorf("the other tenant's turn came after %d pieces: %v", at, order)
	}
}

func TestDoGivesUpItsPlaceWhenItsContextEnds(t *testing.T) {
	p, all := newPool(t.Context(), t, 1, worker.Options{WaitingOfOne: 1})
	release := hold(all[0].Context, t, p)
	cause := errors.New("the client is gone")
	ctx, end := context.WithCancelCause(all[0].Context)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		err := p.Do(ctx, func(context.Context, *tenant.DB) error { t.Error("it ran"); return nil })
		if !errors.Is(err, cause) {
			t.Errorf("Do: %v", err)
		}
	})
	end(cause)
	waiting.Wait()
	if err := p.Submit(all[0].Context, nothing); err != nil {
		t.Errorf("its place was not given up: %v", err)
	}
	release()
}

func TestTheEndOfThePoolsContextEndsItsWork(t *testing.T) {
	var failed failures
	ctx, end := context.WithCancelCause(t.Context())
	p, all := newPool(ctx, t, 2, worker.Options{Tenants: 1, Failed: failed.add})
	cause := errors.New("the service stops")
	begun := make(chan struct{})
	if err := p.Submit(all[0].Context, func(ctx context.Context, _ *tenant.DB) error { close(begun); <-ctx.Done(); return context.Cause(ctx) }); err != nil {
		t.Fatal(err)
	}
	if err := p.Submit(all[1].Context, func(context.Context, *tenant.DB) error { t.Error("it ran"); return nil }); err != nil {
		t.Fatal(err)
	}
	<-begun
	end(cause)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(failed.said["t0"], cause) || !errors.Is(failed.said["t1"], cause) {
		t.Errorf("told is %v", failed.said)
	}
}

// hooks is a context that counts what waits for its end.
type hooks struct {
	context.Context
	waiting atomic.Int64
}

func (h *hooks) AfterFunc(f func()) (stop func() bool) {
	h.waiting.Add(1)
	unhook := context.AfterFunc(h.Context, f)
	return func() bool {
		h.waiting.Add(-1)
		return unhook()
	}
}

// Value hides the context within, or package context would hook into that.
func (*hooks) Value(any) any { return nil }

func TestWorkThatHasEndedOrWasNotTakenLeavesNothingAtThePoolsContext(t *testing.T) {
	ctx := &hooks{Context: t.Context()}
	p, all := newPool(ctx, t, 1, worker.Options{Failed: func(context.Context, error) {}})
	one := all[0].Context
	for range 3 {
		if err := errors.Join(p.Do(one, nothing), p.Submit(one, nothing)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Submit(one, func(context.Context, *tenant.DB) error { panic("a mistake") }); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{p.Submit(one, nothing), p.Do(one, nothing)} {
		if !errors.Is(err, worker.ErrClosed) {
			t.Error(err)
		}
	}
	if n := ctx.waiting.Load(); n != 0 {
		t.Errorf("%d functions wait for the end of the pool's context", n)
	}
}

func TestWorkThatWouldWaitForItselfIsAnErrorAndWorkThatFollowsIsNot(t *testing.T) {
	p, all := newPool(t.Context(), t, 2, worker.Options{})
	followed := make(chan struct{})
	err := p.Do(all[0].Context, func(ctx context.Context, db *tenant.DB) error {
		if err := p.Do(ctx, nothing); !errors.Is(err, worker.ErrNested) {
			t.Errorf("Do within: %v", err)
		}
		if err := p.Do(tenantdb.Detach(ctx), nothing); !errors.Is(err, worker.ErrNested) {
			t.Errorf("Do within, detached: %v", err)
		}
		if _, err := tenantdb.WithTenant(ctx, all[1].ID); !errors.Is(err, tenantdb.ErrTenantRebound) {
			t.Errorf("another tenant: %v", err)
		}
		if err := p.Do(all[1].Context, nothing); err != nil {
			t.Errorf("another tenant's work: %v", err)
		}
		if _, err := tenant.New(db).ListModules(all[1].Context, nil); !errors.Is(err, tenantdb.ErrTenantMismatch) {
			t.Errorf("the handle with another tenant's context: %v", err)
		}
		return p.Submit(ctx, func(context.Context, *tenant.DB) error { close(followed); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	<-followed
}

func TestWorkThatWouldWaitForItselfByAnotherPoolIsAnError(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	p, err := worker.New(t.Context(), kit.Store, worker.Options{})
	other, otherErr := worker.New(t.Context(), kit.Store, worker.Options{})
	if err := errors.Join(err, otherErr); err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	defer other.Close()
	ctx, cancel := context.WithTimeout(kit.Tenant("acme").Context, time.Minute) // it would wait as long
	defer cancel()
	followed := make(chan error, 1)
	err = p.Do(ctx, func(ctx context.Context, _ *tenant.DB) error {
		within := func(ctx context.Context, _ *tenant.DB) error { return p.Do(ctx, nothing) }
		if err := other.Do(ctx, within); !errors.Is(err, worker.ErrNested) {
			t.Errorf("Do within the work of another pool: %v", err)
		}
		// Nobody waits for this.
		return other.Submit(ctx, func(ctx context.Context, db *tenant.DB) error {
			followed <- within(ctx, db)
			return nil
		})
	})
	if err := errors.Join(err, <-followed); err != nil {
		t.Error(err)
	}
}

func TestWithinATransactionWorkOnItsDatabaseIsAnErrorNotAWait(t *testing.T) {
	p, all := newPool(t.Context(), t, 1, worker.Options{})
	one := all[0]
	done := make(chan struct{})
	insert := func(ctx context.Context, db *tenant.DB) error {
		return tenant.New(db).InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{Actor: "a", Event: "b", SubjectKind: "x", SubjectID: "y"})
	}
	err := tenant.Write(one.Context, one.DB, func(ctx context.Context, _ *tenant.Queries) error {
		if err := p.Do(ctx, insert); !errors.Is(err, tenantdb.ErrNested) {
			t.Errorf("Do: %v", err)
		}
		return p.Submit(ctx, func(ctx context.Context, db *tenant.DB) error { // once it has ended
			defer close(done)
			return insert(ctx, db)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	<-done
	if rows, err := tenant.New(one.DB).ListAuditLog(one.Context, 10); err != nil || len(rows) != 1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
