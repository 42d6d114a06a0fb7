package catalog_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/internal/passage"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestResolveHonoursTheStateAtOnce(t *testing.T) {
	k := newKit(t)
	ctx, _ := k.tenant(t, "acme")
	tests := []struct {
		change catalog.Change
		want   error
		also   error
	}{
		{catalog.Change{State: catalog.Active}, nil, nil},
		{catalog.Change{State: catalog.Suspended, Reason: "unpaid since May"}, catalog.ErrSuspended, nil},
		{catalog.Change{State: catalog.Active}, nil, nil},
		{catalog.Change{State: catalog.Creating}, catalog.ErrCreating, nil},
		{catalog.Change{State: catalog.Deleting}, catalog.ErrDeleting, nil},
		{catalog.Change{State: catalog.Deleted}, catalog.ErrDeleted, tenantdb.ErrUnknownTenant},
		{catalog.Change{State: catalog.Quarantined, Reason: "a bad page"}, catalog.ErrQuarantined, nil},
		{catalog.Change{State: catalog.Active}, nil, nil},
	}
	for _, tt := range tests {
		k.set(t, "acme", tt.change)
		_, err := k.store.Resolve(ctx)
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
			t.Errorf("%s: Resolve: %v, want %v", tt.change.State, err, tt.want)
			continue
		}
		if tt.want == nil {
			continue
		}
		var state *catalog.StateError
		if !errors.As(err, &state) || state.State != tt.change.State || state.Reason != tt.change.Reason || !strings.Contains(err.Error(), tt.change.Reason) || !strings.Contains(err.Error(), "acme") {
			t.Errorf("%s: the error is %v", tt.change.State, err)
		}
		if tt.also != nil && !errors.Is(err, tt.also) || tt.also == nil && errors.Is(err, tenantdb.ErrUnknownTenant) {
			t.Errorf("%s: of an unknown tenant: %v", tt.change.State, err)
		}
		if _, err := k.store.Resolve(passage.With(ctx, "acme")); err != nil {
			t.Errorf("%s: with a passage: %v", tt.change.State, err)
		}
		if _, err := k.store.Resolve(passage.With(ctx, "globex")); !errors.Is(err, tt.want) {
			t.Errorf("%s: with another's passage: %v", tt.change.State, err)
		}
	}
}

func TestATenantSuspendedToReadOnlyIsReadAndNotWritten(t *testing.T) {
	k := newKit(t)
	ctx, _ := k.tenant(t, "acme")
	before, err := k.store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	k.set(t, "acme", catalog.Change{State: catalog.Suspended, Suspension: catalog.ReadOnly, Reason: "unpaid"})
	db, err := k.store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.New(db).ListModules(ctx, nil); err != nil {
		t.Errorf("reading: %v", err)
	}
	read := func(ctx context.Context, q *tenant.Reader) error {
		_, err := q.ListModules(ctx, nil)
		return err
	}
	if err := tenant.Read(ctx, db, read); err != nil {
		t.Errorf("a call of Read: %v", err)
	}
	var state *catalog.StateError
	err = addConfig(ctx, tenant.New(db))
	if !errors.As(err, &state) || state.Reason != "unpaid" || !errors.Is(err, catalog.ErrSuspended) || !tenantdb.SafeToRetry(err) {
		t.Errorf("writing: %v", err)
	}
	called := false
	err = tenant.Write(ctx, db, func(context.Context, *tenant.Queries) error { called = true; return nil })
	if called || !errors.Is(err, catalog.ErrSuspended) {
		t.Errorf("a call of Write: %v", err)
	}
	if err := addConfig(ctx, tenant.New(before)); err != nil {
		t.Errorf("the handle of before: %v", err)
	}
	k.set(t, "acme", catalog.Change{State: catalog.Active})
	if db, err = k.store.Resolve(ctx); err != nil {
		t.Fatal(err)
	}
	if err := addConfig(ctx, tenant.New(db)); err != nil {
		t.Errorf("resumed: %v", err)
	}
}

func addConfig(ctx context.Context, q *tenant.Queries) error {
	return q.InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{Actor: "ann", Event: "seen", SubjectKind: "x", SubjectID: "y"})
}

func TestTheFilesDecideAboutTenantsThatTheCatalogDoesNotKnow(t *testing.T) {
	k := newKit(t)
	id := tenanttest.ID(t, "stray")
	ctx := tenanttest.Context(t, "stray")
	if _, err := k.store.Resolve(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("without a file: %v", err)
	}
	if err := k.store.Create(ctx, id); err != nil {
		t.Fatal(err)
	}
	if _, err := k.store.Resolve(ctx); err != nil {
		t.Errorf("with a file: %v", err)
	}
	k.dir.SetGate(nil)
	if _, err := k.c.Register(ctx, catalog.Registration{ID: id, State: catalog.Quarantined}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.store.Resolve(ctx); err != nil {
		t.Errorf("without a gate: %v", err)
	}
	if _, err := catalog.Open(ctx, k.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := k.store.Resolve(ctx); !errors.Is(err, catalog.ErrQuarantined) {
		t.Errorf("with the gate again: %v", err)
	}
}

func TestATenantIsResolvedWithinATransactionOnTheGlobalDatabase(t *testing.T) {
	k := newKit(t)
	ctx, acme := k.tenant(t, "acme")
	err := catalog.WriteWith(ctx, k.c, k.global, func(ctx context.Context, app *global.Tx, tx *catalog.Tx) error {
		if _, err := k.store.Resolve(ctx); err != nil {
			t.Errorf("within: %v", err)
		}
		if _, err := tx.SetState(ctx, acme.ID, acme.Generation, catalog.Change{State: catalog.Suspended}); err != nil {
			return err
		}
		if _, err := k.store.Resolve(ctx); err != nil {
			t.Errorf("before the commit: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.store.Resolve(ctx); !errors.Is(err, catalog.ErrSuspended) {
		t.Errorf("after the commit: %v", err)
	}
}

// suspendOnInput suspends and resumes a tenant in turn, once for each line.
func suspendOnInput(k *kit, args []string) error {
	id, err := tenantdb.ParseID(args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		was, err := k.c.Get(context.Background(), id)
		if err != nil {
			return err
		}
		change := catalog.Change{State: catalog.Suspended, Reason: "by another process"}
		if was.State == catalog.Suspended {
			change = catalog.Change{State: catalog.Active}
		}
		if _, err := k.c.SetState(context.Background(), id, was.Generation, change); err != nil {
			return err
		}
		fmt.Println(change.State)
	}
	return nil
}

func TestAnotherProcessesChangeIsSeenByTheNextResolve(t *testing.T) {
	k := newKit(t)
	ctx, _ := k.tenant(t, "acme")
	c := childtest.Start(t, "suspend", k.dir.Path(), "acme")
	c.Line(t)
	for range 50 {
		if _, err := k.store.Resolve(ctx); err != nil {
			t.Fatalf("while it is active: %v", err)
		}
		fmt.Fprintln(c.In)
		c.Line(t)
		if _, err := k.store.Resolve(ctx); !errors.Is(err, catalog.ErrSuspended) {
			t.Fatalf("suspended by another process: %v", err)
		}
		fmt.Fprintln(c.In)
		c.Line(t)
	}
	c.Finish(t)
}

func TestSuspendingLetsCallsUnderWayEndAndNoNewOnesBegin(t *testing.T) {
	k := newKit(t)
	ctx, _ := k.tenant(t, "acme")
	begun, goOn := make(chan struct{}), make(chan struct{})
	var under sync.WaitGroup
	under.Go(func() {
		db, err := k.store.Resolve(ctx)
		if err == nil {
			err = tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
				close(begun)
				<-goOn
				return addConfig(ctx, q)
			})
		}
		if err != nil {
			t.Errorf("the call under way: %v", err)
		}
	})
	<-begun
	var others sync.WaitGroup
	refused := make(chan struct{})
	for range 8 {
		others.Go(func() {
			for {
				_, err := k.store.Resolve(ctx)
				switch {
				case errors.Is(err, catalog.ErrSuspended):
					return
				case err != nil:
					t.Errorf("Resolve: %v", err)
					return
				}
				select {
				case <-refused:
					if _, err := k.store.Resolve(ctx); err == nil {
						t.Error("resolved after it was suspended")
						return
					}
				default:
				}
			}
		})
	}
	k.set(t, "acme", catalog.Change{State: catalog.Suspended})
	close(refused)
	others.Wait()
	close(goOn)
	under.Wait()
}
