package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"path/filepath"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

func ExampleNew() {
	w, done := exampleWorld()
	defer done()
	m, err := lifecycle.New(w.store, w.cat, lifecycle.Options{
		UndeleteFor: 90 * 24 * time.Hour,
		Hooks: []lifecycle.Hook{{Before: func(_ context.Context, e lifecycle.Event) error {
			if e.Operation == lifecycle.OpErase {
				return errors.New("ask the data protection officer")
			}
			return nil
		}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Store() == w.store, m.Catalog() == w.cat)
	_, err = m.Erase(context.Background(), exampleTenant(w))
	fmt.Println(errors.Is(err, lifecycle.ErrVetoed))
	// Output:
	// true true
	// true
}

func ExampleManager_Resume() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	suspended, err := w.m.Suspend(ctx, id, lifecycle.SuspendOptions{Suspension: catalog.ReadOnly, Reason: "the bill is open"})
	fmt.Println(suspended.State, suspended.Suspension, err)
	resumed, err := w.m.Resume(ctx, id)
	fmt.Println(resumed.State, err)
	// Output:
	// suspended read-only <nil>
	// active <nil>
}

func ExampleManager_Quarantine() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	_, err := w.m.Quarantine(ctx, id, "the disk has errors")
	fmt.Println(err)
	ctx, _ = tenantdb.WithTenant(ctx, id)
	_, err = w.store.Resolve(ctx)
	fmt.Println(err)
	// Output:
	// <nil>
	// tenantdb: resolve: tenant acme: the tenant is quarantined: the disk has errors
}

// Whether a button is to be shown, without trying.
func ExampleManager_Check() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	fmt.Println(w.m.Check(ctx, lifecycle.OpDelete, id))
	if err := w.cat.Protect(ctx, id); err != nil {
		log.Fatal(err)
	}
	fmt.Println(errors.Is(w.m.Check(ctx, lifecycle.OpDelete, id), catalog.ErrProtected))
	// Output:
	// <nil>
	// true
}

func ExampleManager_Undelete() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	if _, err := w.m.Delete(ctx, id, "by mistake"); err != nil {
		log.Fatal(err)
	}
	back, err := w.m.Undelete(ctx, id)
	fmt.Println(back.State, back.DisplayName, err)
	// Output: active Acme <nil>
}

func ExampleManager_Purgeable() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	m, err := lifecycle.New(w.store, w.cat, lifecycle.Options{UndeleteFor: -1}) // to be removed at once
	if err != nil {
		log.Fatal(err)
	}
	if _, err := m.Delete(ctx, id, ""); err != nil {
		log.Fatal(err)
	}
	for p, err := range m.Purgeable(ctx) { // what Purge would remove
		fmt.Println(p.Tombstone.Tenant.ID, err)
	}
	// Output: acme <nil>
}

func ExampleManager_PurgeTenant() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	fmt.Println(errors.Is(w.m.PurgeTenant(ctx, id), lifecycle.ErrNotDeleted))
	if _, err := w.m.Delete(ctx, id, ""); err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.m.PurgeTenant(ctx, id))
	// Output:
	// true
	// <nil>
}

func ExampleTogether() {
	w, done := exampleWorld()
	defer done()
	ctx := context.Background()
	id, _ := tenantdb.ParseID("acme")
	full := errors.New("no seat is left")
	_, err := w.m.Create(ctx, lifecycle.Creation[tenant.Schema]{ID: id,
		SignUp: lifecycle.Together(w.global, func(context.Context, *global.Tx, catalog.Tenant) error { return full })})
	fmt.Println(errors.Is(err, full))
	there, err := w.store.Exists(ctx, id) // neither is there
	fmt.Println(there, err)
	// Output:
	// true
	// false <nil>
}

func ExampleManager_Import() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	path := filepath.Join(filepath.Dir(w.dir.Path()), "acme.tar")
	fmt.Println(lifecycle.CheckExport(w.dir, id, path))
	if _, err := w.m.Export(ctx, id, path); err != nil {
		log.Fatal(err)
	}
	to, _ := tenantdb.ParseID("acme-eu")
	made, err := w.m.Import(ctx, path, lifecycle.Creation[tenant.Schema]{ID: to, DisplayName: "Acme Europe"})
	fmt.Println(made.ID, made.DisplayName, made.State, err)
	// Output:
	// <nil>
	// acme-eu Acme Europe active <nil>
}
