package tenantdb_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/passage"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

type traceKey struct{}

func TestADetachedContextKeepsTheTenantAndTheValuesAndEndsWithNothing(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.WithValue(tenanttest.Context(t, "acme"), traceKey{}, "trace"), time.Hour)
	detached := tenantdb.Detach(ctx)
	cancel()
	if id, ok := tenantdb.TenantFrom(detached); !ok || id.String() != "acme" {
		t.Errorf("the tenant is %q", id)
	}
	if detached.Value(traceKey{}) != "trace" {
		t.Error("the values are gone")
	}
	if _, ok := detached.Deadline(); ok || detached.Done() != nil || detached.Err() != nil {
		t.Errorf("it ends: %v", detached.Err())
	}
	if _, err := tenantdb.WithTenant(detached, tenanttest.ID(t, "globex")); !errors.Is(err, tenantdb.ErrTenantRebound) {
		t.Errorf("bound to another tenant: %v", err)
	}
	if again := tenantdb.Detach(detached); again.Value(traceKey{}) != "trace" {
		t.Error("detached twice, the values are gone")
	}
	if id, ok := tenantdb.TenantFrom(tenantdb.Detach(t.Context())); ok {
		t.Errorf("of a context without a tenant: %q", id)
	}
}

// A gate lets nobody in but by a passage.
type shut struct{}

func (shut) Admit(context.Context, tenantdb.ID) (tenantdb.Admission, error) {
	return tenantdb.Admission{}, errShut
}

func TestADetachedContextHasNoPassage(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	kit.Dir.SetGate(shut{})
	ctx := passage.With(acme.Context, "acme")
	if _, err := kit.Store.Resolve(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.Resolve(tenantdb.Detach(ctx)); !errors.Is(err, errShut) {
		t.Errorf("detached: %v", err)
	}
}

func TestWorkThatATransactionLeavesBehindWaitsForIt(t *testing.T) {
	acme := tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
	var left sync.WaitGroup
	err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		if err := add(ctx, acme.DB, "x"); !errors.Is(err, tenantdb.ErrNested) {
			t.Errorf("the handle with the callback's context: %v", err)
		}
		begun := make(chan struct{})
		left.Go(func() {
			detached := tenantdb.Detach(ctx)
			close(begun)
			if err := add(detached, acme.DB, "left behind"); err != nil {
				t.Errorf("with a detached context: %v", err)
			}
			if err := add(detached, tx, "too late"); !errors.Is(err, tenantdb.ErrTxDone) {
				t.Errorf("with a Tx that has ended: %v", err)
			}
		})
		<-begun
		return add(ctx, tx, "first")
	})
	if err != nil {
		t.Fatal(err)
	}
	left.Wait()
	wantNotes(t, acme, "first", "left behind")
}

func TestGoroutinesOutliveTheirRequestsAndStayWithTheirTenant(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme, globex := kit.Two()
	const requests = 20
	ended := make(chan struct{})
	var left sync.WaitGroup
	for i := range requests {
		tenant := []tenanttest.Tenant[notes]{acme, globex}[i%2]
		request, end := context.WithCancel(tenant.Context)
		left.Go(func() {
			ctx := tenantdb.Detach(request)
			<-ended // all requests have
			db, err := kit.Store.Resolve(ctx)
			if err == nil {
				err = add(ctx, db, tenant.ID.String()+" "+string(rune('a'+i)))
			}
			if err != nil {
				t.Errorf("detached: %v", err)
			}
			if err := add(request, db, "with the request's own"); !errors.Is(err, context.Canceled) {
				t.Errorf("with the request's own context: %v", err)
			}
		})
		end()
	}
	close(ended)
	left.Wait()
	for _, tenant := range []tenanttest.Tenant[notes]{acme, globex} {
		got, err := list(tenant.Context, tenant.DB)
		if err != nil || len(got) != requests/2 {
			t.Errorf("%s has %q, %v", tenant.ID, got, err)
		}
		for _, body := range got {
			if !strings.HasPrefix(body, tenant.ID.String()+" ") {
				t.Errorf("%s has %q", tenant.ID, body)
			}
		}
	}
}

// Handles and contexts of three tenants are put together in any way: as they are, detached,
// from within a transaction, of a request that has ended and is tried again.
func TestWhicheverContextMeetsWhicheverHandleOnlyTheirCommonTenantsRowsAreSeen(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenants := []tenanttest.Tenant[notes]{kit.Tenant("acme"), kit.Tenant("globex"), kit.Tenant("initech")}
	for _, tenant := range tenants {
		if err := add(tenant.Context, tenant.DB, tenant.ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		index := rapid.IntRange(0, len(tenants)-1)
		for range rapid.IntRange(1, 20).Draw(rt, "calls") {
			of, with := tenants[index.Draw(rt, "handle")], tenants[index.Draw(rt, "context")]
			around := tenants[index.Draw(rt, "transaction around")]
			see := func(ctx context.Context, h tenantdb.ReadHandle[notes]) {
				got, err := list(ctx, h)
				if of.ID != with.ID {
					if !errors.Is(err, tenantdb.ErrTenantMismatch) || len(got) != 0 {
						rt.Fatalf("%s's handle with %s's context: %q, %v", of.ID, with.ID, got, err)
					}
					return
				}
				if err != nil || len(got) != 1 || got[0] != of.ID.String() {
					rt.Fatalf("%s's handle with its own context: %q, %v", of.ID, got, err)
				}
			}
			ended, end := context.WithCancel(with.Context)
			end()
			err := around.DB.Read(around.Context, func(inside context.Context, tx *tenantdb.ReadTx[notes]) error {
				switch rapid.SampledFrom([]string{"as it is", "detached", "ended and tried again", "from a transaction", "the transaction itself"}).Draw(rt, "how") {
				case "as it is":
					see(with.Context, of.DB)
				case "detached":
					see(tenantdb.Detach(with.Context), of.DB)
				case "ended and tried again":
					if got, err := list(ended, of.DB); err == nil {
						rt.Fatalf("with a context that has ended: %q", got)
					}
					see(tenantdb.Detach(ended), of.DB)
				case "from a transaction":
					with = around
					see(tenantdb.Detach(inside), of.DB)
				case "the transaction itself":
					of = around
					see(tenantdb.Detach(with.Context), tx)
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		}
	})
}
