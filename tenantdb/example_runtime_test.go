package tenantdb_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/silokit/silo/tenantdb"
)

// A tool that is given the folder of the migrations lists the tenants and makes one. It
// needs no generated code; its handles run no generated query.
func ExampleOpenRuntimeStore() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder, Layout: tenantdb.AsRecorded})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	store, err := tenantdb.OpenRuntimeStore(ctx, dir, "tenant", os.DirFS("../schema/tenant"))
	if err != nil {
		log.Fatal(err)
	}
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Create(ctx, acme); err != nil {
		log.Fatal(err)
	}
	fmt.Println(store.Tenants(ctx))
	// Output: [acme] <nil>
}
