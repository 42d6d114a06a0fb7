package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb"
)

func ExampleStore_Exists() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	fmt.Println(store.Exists(ctx, acme))
	if err := store.Delete(ctx, acme); err != nil {
		log.Fatal(err)
	}
	fmt.Println(store.Exists(ctx, acme))
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleStore_FileSize() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	size, err := store.FileSize(acme)
	fmt.Println(size > 0, err)
	globex, _ := tenantdb.ParseID("globex")
	_, err = store.FileSize(globex)
	fmt.Println(errors.Is(err, tenantdb.ErrUnknownTenant))
	// Output:
	// true <nil>
	// true
}

// Whether a file that somebody has sent could become a tenant.
func ExampleStore_Inspect() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	folder, err := os.MkdirTemp("", "silo-received")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		log.Fatal(err)
	}
	acme, _ := tenantdb.TenantFrom(ctx)
	good, bad := filepath.Join(folder, "good.db"), filepath.Join(folder, "bad.db")
	if _, err := store.Snapshot(ctx, acme, good, tenantdb.SnapshotOptions{}); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(bad, []byte("no database"), 0o600); err != nil {
		log.Fatal(err)
	}
	id, _ := tenantdb.ParseID("received")
	fmt.Println(store.Inspect(ctx, id, tenantdb.Source{Path: good}))
	fmt.Println(errors.Is(store.Inspect(ctx, id, tenantdb.Source{Path: bad}), tenantdb.ErrUnfit))
	// Output:
	// <nil>
	// true
}

func ExampleDir_Stats() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	if _, err := store.Resolve(ctx); err != nil {
		log.Fatal(err)
	}
	s := store.Dir().Stats()
	fmt.Println(s.Open, s.InUse)
	// Output: 1 0
}

func ExampleDir_FolderID() {
	_, store, closeAll := exampleStore()
	defer closeAll()
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: store.Dir().Path()})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	fmt.Println(len(dir.FolderID()), dir.FolderID() == store.Dir().FolderID())
	// Output: 32 true
}
