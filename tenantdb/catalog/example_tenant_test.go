package catalog_test

import (
	"context"
	"fmt"
	"log"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

func exampleID(name string) tenantdb.ID {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		log.Fatal(err)
	}
	return id
}

func ExampleWithActor() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	ctx = catalog.WithActor(ctx, "cron: bills") // as a middleware or a job does, once
	fmt.Println(c.Protect(ctx, acme))
	for e, err := range c.Entries(ctx, acme) {
		fmt.Println(e.Actor, e.Operation, err)
		break
	}
	// Output:
	// <nil>
	// cron: bills protect <nil>
}

func ExampleActorFrom() {
	ctx := catalog.WithActor(context.Background(), "ann@example.com")
	fmt.Printf("%q %q\n", catalog.ActorFrom(ctx), catalog.ActorFrom(context.Background()))
	// Output: "ann@example.com" ""
}

func ExampleCatalog_Register() {
	dir, closeAll := exampleDir()
	defer closeAll()
	ctx := context.Background()
	c, err := catalog.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	acme := catalog.Registration{ID: exampleID("acme"), DisplayName: "Acme Inc.", Labels: map[string]string{"plan": "gold"}}
	t, err := c.Register(ctx, acme)
	fmt.Println(t.ID, t.State, t.Generation, t.Labels, err)
	_, err = c.Register(ctx, acme)
	fmt.Println(err)
	// Output:
	// acme active 1 map[plan:gold] <nil>
	// tenantdb: catalog: register: tenant acme: the tenant is in the catalog already; get it, or choose another ID
}

func ExampleCatalog_Get() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := c.Get(ctx, exampleID("acme"))
	fmt.Println(acme.State, acme.Labels, err)
	_, err = c.Get(ctx, exampleID("initech"))
	fmt.Println(err)
	// Output:
	// active map[plan:gold] <nil>
	// tenantdb: catalog: get: tenant initech: the tenant is not in the catalog; register it, or check the ID
}

// For a tenant whose file was removed by other means; lifecycle.Manager's operations do it themselves.
func ExampleCatalog_Forget() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := c.Get(ctx, exampleID("acme"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Forget(ctx, acme.ID, acme.Generation))
	_, err = c.Get(ctx, acme.ID)
	fmt.Println(err)
	// Output:
	// <nil>
	// tenantdb: catalog: get: tenant acme: the tenant is not in the catalog; register it, or check the ID
}

func ExampleCatalog_SetDisplayName() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.SetDisplayName(ctx, acme, "Acme GmbH"))
	t, err := c.Get(ctx, acme)
	fmt.Println(t.DisplayName, err)
	// Output:
	// <nil>
	// Acme GmbH <nil>
}

func ExampleCatalog_SetLabels() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.SetLabels(ctx, acme, map[string]string{"plan": "basic", "region": "eu"})) // in the place of all it had
	t, err := c.Get(ctx, acme)
	fmt.Println(t.Labels, err)
	// Output:
	// <nil>
	// map[plan:basic region:eu] <nil>
}

func ExampleCatalog_SetMetadata() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.SetMetadata(ctx, acme, []byte(`{"seats":12}`)))
	t, err := c.Get(ctx, acme)
	fmt.Println(string(t.Metadata), err)
	fmt.Println(c.SetMetadata(ctx, acme, []byte(`{seats:12}`)))
	// Output:
	// <nil>
	// {"seats":12} <nil>
	// tenantdb: catalog: set metadata: tenant acme: not valid in the catalog: the metadata is no JSON
}

func ExampleCatalog_NoteSeen() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.NoteSeen(ctx, acme, catalog.Seen{SchemaVersion: 4, SizeBytes: 49152}))
	t, err := c.Get(ctx, acme)
	fmt.Println(t.Seen.SchemaVersion, t.Seen.SizeBytes, t.Seen.At.IsZero(), err)
	// Output:
	// <nil>
	// 4 49152 false <nil>
}

func ExampleCatalog_Protect() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.Protect(ctx, acme))
	fmt.Println(c.Forget(ctx, acme, 1))
	// Output:
	// <nil>
	// tenantdb: catalog: forget: tenant acme: the tenant is protected from being deleted; unprotect it first
}

func ExampleCatalog_Unprotect() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.Protect(ctx, acme), c.Unprotect(ctx, acme), c.Forget(ctx, acme, 1))
	// Output: <nil> <nil> <nil>
}

func ExampleCatalog_Record() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.Record(ctx, catalog.Entry{Operation: "log in as", Tenant: acme, Detail: []byte(`{"ticket":4711}`)}))
	for e, err := range c.Entries(ctx, acme) {
		fmt.Println(e.Actor, e.Operation, e.Result, string(e.Detail), err)
		break
	}
	// Output:
	// <nil>
	// ann@example.com log in as ok {"ticket":4711} <nil>
}
