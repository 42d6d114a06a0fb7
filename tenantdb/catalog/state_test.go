package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

func TestOfManyWhoChangeOneGenerationOneSucceeds(t *testing.T) {
	k := newKit(t)
	_, acme := k.tenant(t, "acme")
	for round := range 5 {
		var mu sync.Mutex
		var won []catalog.Tenant
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				state := []catalog.State{catalog.Active, catalog.Quarantined}[i%2]
				after, err := k.c.SetState(t.Context(), acme.ID, acme.Generation, catalog.Change{State: state, Reason: strconv.Itoa(i)})
				var conflict *catalog.ConflictError
				switch {
				case err == nil:
					mu.Lock()
					won = append(won, after)
					mu.Unlock()
				case !errors.As(err, &conflict) || conflict.Expected != acme.Generation || conflict.Generation != acme.Generation+1:
					t.Errorf("the error is %v", err)
				}
			})
		}
		all.Wait()
		if len(won) != 1 {
			t.Fatalf("round %d: %d succeeded", round, len(won))
		}
		got, err := k.c.Get(t.Context(), acme.ID)
		if err != nil || got.Generation != acme.Generation+1 || got.Reason != won[0].Reason || got.State != won[0].State {
			t.Fatalf("it is %+v, %v, and %+v was told", got, err, won[0])
		}
		acme = got
	}
	if n := len(k.entries(t, acme.ID)); n != 1+5 {
		t.Errorf("%d entries, want one for each success", n)
	}
}

// raceState changes a tenant's state a number of times, against others who do.
func raceState(k *kit, args []string) error {
	ctx := catalog.WithActor(context.Background(), args[1])
	id, err := tenantdb.ParseID(args[0])
	if err != nil {
		return err
	}
	for done := 0; done < 25; {
		was, err := k.c.Get(ctx, id)
		if err != nil {
			return err
		}
		change := catalog.Change{State: catalog.Suspended, Suspension: catalog.ReadOnly}
		if was.State == catalog.Suspended {
			change = catalog.Change{State: catalog.Active}
		}
		after, err := k.c.SetState(ctx, id, was.Generation, change)
		switch {
		case errors.Is(err, catalog.ErrConflict), errors.Is(err, tenantdb.ErrLocked):
		case err != nil:
			return err
		case after.Generation != was.Generation+1:
			return fmt.Errorf("generation %d became %d", was.Generation, after.Generation)
		default:
			done++
		}
	}
	return nil
}

func TestProcessesThatChangeStatesLoseNoChangeOfEachOther(t *testing.T) {
	k := newKit(t)
	_, acme := k.tenant(t, "acme")
	var all []*childtest.Child
	for i := range 4 {
		all = append(all, childtest.Start(t, "raceState", k.dir.Path(), "acme", strconv.Itoa(i)))
	}
	for _, c := range all {
		c.Finish(t)
	}
	got, err := k.c.Get(t.Context(), acme.ID)
	if err != nil || got.Generation != 1+100 {
		t.Errorf("after 100 changes it is %+v, %v", got, err)
	}
	by := map[string]int{}
	for e, err := range k.c.Entries(t.Context(), acme.ID) {
		if err != nil {
			t.Fatal(err)
		}
		by[e.Actor]++
	}
	for i := range 4 {
		if by[strconv.Itoa(i)] != 25 {
			t.Errorf("process %d recorded %d changes, want 25", i, by[strconv.Itoa(i)])
		}
	}
}

// inferred returns the change as code makes it that cannot name the type of a pass.
func inferred[P any](within func(P, catalog.Operation) catalog.Change) catalog.Change {
	var none P
	return within(none, catalog.Erasing)
}

func TestNoPassThatIsInferredBeginsAnOperation(t *testing.T) {
	k := newKit(t)
	_, acme := k.tenant(t, "acme")
	after, err := k.c.SetState(t.Context(), acme.ID, acme.Generation, inferred(catalog.Change{State: catalog.Deleting}.Within))
	if err != nil || after.Operation != "" || after.State != catalog.Deleting {
		t.Errorf("it is %+v, %v", after, err)
	}
}
