package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// exampleDir opens a new data folder.
func exampleDir() (dir *tenantdb.Dir, closeAll func()) {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	dir, err = tenantdb.Open(context.Background(), tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	return dir, func() {
		if err := errors.Join(dir.Close(), os.RemoveAll(folder)); err != nil {
			log.Fatal(err)
		}
	}
}

// exampleCatalog opens the catalog of a new data folder, with the tenants acme and globex.
func exampleCatalog() (ctx context.Context, dir *tenantdb.Dir, c *catalog.Catalog, closeAll func()) {
	dir, closeAll = exampleDir()
	ctx = catalog.WithActor(context.Background(), "ann@example.com")
	c, err := catalog.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	for name, plan := range map[string]string{"acme": "gold", "globex": "basic"} {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := c.Register(ctx, catalog.Registration{ID: id, Labels: map[string]string{"plan": plan}}); err != nil {
			log.Fatal(err)
		}
	}
	return ctx, dir, c, closeAll
}

func ExampleOpen() {
	dir, closeAll := exampleDir()
	defer closeAll()
	ctx := catalog.WithActor(context.Background(), "ann@example.com")
	c, err := catalog.Open(ctx, dir) // from now on, Resolve asks it
	if err != nil {
		log.Fatal(err)
	}
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	acme, err := c.Register(ctx, catalog.Registration{ID: id, DisplayName: "Acme Inc."})
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Create(ctx, id); err != nil {
		log.Fatal(err)
	}
	_, err = c.SetState(ctx, id, acme.Generation, catalog.Change{State: catalog.Suspended, Reason: "unpaid since May"})
	if err != nil {
		log.Fatal(err)
	}
	ctx, err = tenantdb.WithTenant(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	_, err = store.Resolve(ctx)
	var state *catalog.StateError
	fmt.Println(errors.As(err, &state), state)
	// Output: true the tenant is suspended: unpaid since May
}

func ExampleWriteWith() {
	dir, closeAll := exampleDir()
	defer closeAll()
	ctx := context.Background()
	c, err := catalog.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	db, err := global.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	// A user and their tenant, or neither.
	err = catalog.WriteWith(ctx, c, db, func(ctx context.Context, app *global.Tx, tx *catalog.Tx) error {
		if _, err := global.New(app).CreateUser(ctx, global.CreateUserParams{ID: "u1", Email: "ann@example.com"}); err != nil {
			return err
		}
		if _, err := tx.Register(ctx, catalog.Registration{ID: id, State: catalog.Creating}); err != nil {
			return err
		}
		return tx.AddAlias(ctx, id, "domain", "acme.example")
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.LookupAlias(ctx, "domain", "acme.example"))
	// Output: acme <nil>
}

func ExampleCatalog_Write() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	err = c.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		return errors.Join(tx.SetDisplayName(ctx, id, "Acme Inc."), tx.Protect(ctx, id))
	})
	if err != nil {
		log.Fatal(err)
	}
	acme, err := c.Get(ctx, id)
	fmt.Println(acme.DisplayName, acme.Protected, err)
	// Output: Acme Inc. true <nil>
}

func ExampleCatalog_List() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	for t, err := range c.List(ctx, catalog.Filter{State: catalog.Active, Label: "plan", Value: "gold"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(t.ID, t.Labels["plan"])
	}
	// Output: acme gold
}

func ExampleCatalog_SetState() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	acme, err := c.Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	change := catalog.Change{State: catalog.Suspended, Suspension: catalog.ReadOnly, Reason: "moving to another server"}
	if _, err := c.SetState(ctx, id, acme.Generation, change); err != nil {
		log.Fatal(err)
	}
	_, err = c.SetState(ctx, id, acme.Generation, catalog.Change{State: catalog.Active}) // decided on what was true before
	var conflict *catalog.ConflictError
	if errors.As(err, &conflict) {
		fmt.Println(conflict)
	}
	// Output: the tenant's state has changed in between: it is suspended at generation 2, and 1 was expected
}

func ExampleCatalog_MoveAlias() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err1 := tenantdb.ParseID("acme")
	globex, err2 := tenantdb.ParseID("globex")
	err := errors.Join(err1, err2,
		c.AddAlias(ctx, acme, "domain", "shop.example"),
		c.MoveAlias(ctx, "domain", "shop.example", acme, globex))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.LookupAlias(ctx, "domain", "shop.example"))
	// Output: globex <nil>
}

func ExampleCatalog_Entries() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := c.Record(ctx, catalog.Entry{Operation: "export", Tenant: id, Detail: []byte(`{"to":"acme.tar"}`)}); err != nil {
		log.Fatal(err)
	}
	for e, err := range c.Entries(ctx, id) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Actor, e.Operation, e.Result, string(e.Detail))
	}
	// Output:
	// ann@example.com export ok {"to":"acme.tar"}
	// ann@example.com register ok {"state":"active"}
}

// A copy of the global file, for whoever keeps backups by other means than a lifecycle.Manager.
func ExampleCatalog_Snapshot() {
	ctx, dir, c, closeAll := exampleCatalog()
	defer closeAll()
	folder, err := os.MkdirTemp("", "silo-copies")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(folder, "global.copy")
	manifest, err := c.Snapshot(ctx, path, tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	unchanged, err := c.Unchanged(ctx, manifest.Mark)
	fmt.Println(unchanged, err)
	copied := tenantdb.Source{Path: path, SHA256: manifest.SHA256}
	fmt.Println(catalog.Inspect(ctx, dir, copied))
	fmt.Println(catalog.Restore(ctx, dir, copied, tenantdb.GlobalRestoreOptions{}))
	_, err = catalog.Open(ctx, dir)
	fmt.Println(err)
	// Output:
	// true <nil>
	// <nil>
	// <nil>
	// <nil>
}

// What erasing a tenant does to the catalog, once the tenant's files are gone.
func ExampleCatalog_Redact() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := c.Forget(ctx, acme, 1); err != nil {
		log.Fatal(err)
	}
	n, err := c.Redact(ctx, acme)
	fmt.Println(n, err)
	for e, err := range c.Entries(ctx, acme) {
		fmt.Println(e.Operation, e.Actor, string(e.Detail), err)
	}
	fmt.Println(c.Compact(ctx)) // nothing of it is left in free pages
	// Output:
	// 2 <nil>
	// forget erased {"erased":true} <nil>
	// register erased {"erased":true} <nil>
	// <nil>
}
