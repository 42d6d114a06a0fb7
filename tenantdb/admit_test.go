package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAdmitOpensNothing(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	if err := kit.Store.Create(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Admit(tenanttest.Context(t, "acme")); err != nil {
		t.Error(err)
	}
	if err := kit.Store.Admit(tenanttest.Context(t, "ghost")); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("of a tenant without a file: %v", err)
	}
	if err := kit.Store.Admit(t.Context()); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("without a tenant: %v", err)
	}
	if err := new(tenantdb.Store[notes]).Admit(tenanttest.Context(t, "acme")); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("of a zero store: %v", err)
	}
	if opened := kit.Dir.Stats().Opened; opened != 0 {
		t.Errorf("%d tenants were opened", opened)
	}
}

func TestAdmitLetsNobodyIntoAClosedDir(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[notes](t, dir)
	if err := store.Create(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, "acme")
	if err := errors.Join(store.Admit(ctx), dir.Close()); err != nil {
		t.Fatal(err)
	}
	if err := store.Admit(ctx); !errors.Is(err, tenantdb.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestAdmitSaysWhatTheGateSays(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	shut := errors.New("shut")
	kit.Dir.SetGate(&door{err: shut})
	if err := kit.Store.Admit(tenanttest.Context(t, "acme")); !errors.Is(err, shut) {
		t.Error(err)
	}
}

func TestWhoAsksForNamesAtRandomTouchesTheDiskOnceForEach(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	now := time.Now()
	tenantdb.SetClock(kit.Dir, func() time.Time { return now }) // for what is remembered is so for ten seconds
	if err := kit.Store.Create(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	const names = 1000
	for range 3 {
		for i := range names {
			if err := kit.Store.Admit(tenanttest.Context(t, fmt.Sprint("n", i))); !errors.Is(err, tenantdb.ErrUnknownTenant) {
				t.Fatal(err)
			}
			if err := kit.Store.Admit(tenanttest.Context(t, "acme")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if looks := tenantdb.Looks(kit.Dir); looks != names+1 {
		t.Errorf("the disk was asked %d times for %d names", looks, names+1)
	}
}

func TestWhatIsRememberedOfNamesIsBounded(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	for i := range tenantdb.MostPresences + 10 {
		_ = kit.Store.Admit(tenanttest.Context(t, fmt.Sprint("n", i)))
	}
	if kept := tenantdb.Remembered(kit.Dir); kept > tenantdb.MostPresences {
		t.Errorf("%d names are remembered", kept)
	}
}

func TestATenantIsAdmittedAsSoonAsItIsMadeAndNoMoreOnceItIsDeleted(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	id, ctx := tenanttest.ID(t, "acme"), tenanttest.Context(t, "acme")
	for range 3 {
		if err := kit.Store.Admit(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
			t.Fatal(err)
		}
		if err := kit.Store.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if err := kit.Store.Admit(ctx); err != nil {
			t.Fatal(err)
		}
		if err := kit.Store.Delete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatAnotherProcessDoesIsSeenWhenTheGateKnowsItOrAfterTenSeconds(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	now := time.Now()
	tenantdb.SetClock(kit.Dir, func() time.Time { return now })
	id, ctx := tenanttest.ID(t, "acme"), tenanttest.Context(t, "acme")
	if err := kit.Store.Admit(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Fatal(err)
	}
	elsewhere := tenanttest.New(t, tenantdb.OpenStore[notes])
	if err := elsewhere.Store.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	path := tenantdb.TenantPath(t, kit.Dir.Path(), tenantdb.Flat, id)
	if err := os.Link(tenantdb.TenantPath(t, elsewhere.Dir.Path(), tenantdb.Flat, id), path); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Admit(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("at once, of a tenant that no gate knows: %v", err)
	}
	kit.Dir.SetGate(&door{admission: tenantdb.Admission{Known: true}})
	if err := kit.Store.Admit(ctx); err != nil {
		t.Errorf("at once, of one that it knows: %v", err)
	}
	remove := func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	remove()
	if err := kit.Store.Admit(ctx); err != nil {
		t.Errorf("at once, of a file that was removed: %v", err)
	}
	now = now.Add(11 * time.Second)
	if err := kit.Store.Admit(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("later: %v", err)
	}
	if err := os.Link(tenantdb.TenantPath(t, elsewhere.Dir.Path(), tenantdb.Flat, id), path); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Admit(ctx); err != nil {
		t.Fatal(err)
	}
	remove() // and what is erased, the catalog forgets
	kit.Dir.SetGate(nil)
	if err := kit.Store.Admit(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("at once, of one that the gate has known: %v", err)
	}
}

func ExampleStore_Admit() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	ghost, err := tenantdb.ParseID("ghost")
	if err != nil {
		fmt.Println(err)
		return
	}
	nobody, err := tenantdb.WithTenant(context.Background(), ghost)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(store.Admit(ctx), errors.Is(store.Admit(nobody), tenantdb.ErrUnknownTenant))
	// Output: <nil> true
}
