package tenantdb_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb"
)

func ExampleStore_Replace() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	folder, err := filepath.EvalSymlinks(os.TempDir()) // links are refused
	if err == nil {
		folder, err = os.MkdirTemp(folder, "silo-backups")
	}
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	acme, _ := tenantdb.TenantFrom(ctx)
	path := filepath.Join(folder, "acme.db")
	manifest, err := store.Snapshot(ctx, acme, path, tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	source := tenantdb.Source{Path: path, SHA256: manifest.SHA256}
	fmt.Println(store.Inspect(ctx, acme, source)) // would it be taken?

	// What was there until now is kept, copied from where it is, and then removed.
	kept, err := store.Replace(ctx, acme, source)
	if err != nil {
		log.Fatal(err)
	}
	was, err := store.SnapshotRetired(ctx, kept, filepath.Join(folder, "acme-was.db"))
	fmt.Println(was.Tenant, err)
	fmt.Println(store.Purge(ctx, kept))
	// Output:
	// <nil>
	// acme <nil>
	// <nil>
}
