package tenantdb_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb"
)

func ExampleStore_Snapshot() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	folder, err := os.MkdirTemp("", "silo-backups")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	acme, _ := tenantdb.TenantFrom(ctx)

	// While others read and write.
	path := filepath.Join(folder, "acme.db")
	manifest, err := store.Snapshot(ctx, acme, path, tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(manifest.Tenant, manifest.Schema, info.Size() == manifest.Size, len(manifest.SHA256))
	// Output: acme tenant true 64
}

func ExampleStore_SnapshotTo() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)

	// A copy that is sent somewhere, and then not wanted any more.
	out, err := os.CreateTemp("", "acme.*.db")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	manifest, err := store.SnapshotTo(ctx, acme, out, tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	sent, err := io.Copy(io.Discard, io.NewSectionReader(out, 0, manifest.Size))
	fmt.Println(manifest.Tenant, sent == manifest.Size, err)
	// Output: acme true <nil>
}

func ExampleStore_Unchanged() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	lastMark := "" // of the manifest of the last copy

	// A copy is needed, unless it is certain that nothing was written since the last.
	unchanged, err := store.Unchanged(ctx, acme, lastMark)
	fmt.Println(unchanged, err)
	// Output: false <nil>
}

func ExampleStore_Adopt() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	folder, err := filepath.EvalSymlinks(os.TempDir()) // links are refused
	if err == nil {
		folder, err = os.MkdirTemp(folder, "silo-import")
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

	// A clone: another tenant of the same data.
	trial, err := tenantdb.ParseID("acme-trial")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := store.Adopt(ctx, trial, tenantdb.Source{Path: path, SHA256: manifest.SHA256}); err != nil {
		log.Fatal(err)
	}
	ids, err := store.Tenants(ctx)
	fmt.Println(ids, err)
	// Output: [acme acme-trial] <nil>
}

func ExampleStore_Restore() {
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

	// Back to what the tenant was then. Handles are resolved again.
	err = store.Restore(ctx, acme, tenantdb.Source{Path: path, SHA256: manifest.SHA256})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleStore_Retire() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	if _, err := store.Retire(ctx, acme); err != nil {
		log.Fatal(err)
	}

	// Within the time in which a customer may come back:
	retired, err := store.Retired(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range retired {
		fmt.Println(r.Tenant, store.Reinstate(ctx, r))
	}
	// Output: acme <nil>
}

func ExampleStore_Purge() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	r, err := store.Retire(ctx, acme)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(store.Purge(context.Background(), r))
	// Output: <nil>
}

func ExampleStore_Erase() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	erasure, err := store.Erase(ctx, acme)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(filepath.Base(erasure.Removed[0].Path), erasure.Removed[0].Size > 0)
	// Output: acme.db true
}

func ExampleStore_Reinstate() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	r, err := store.Retire(ctx, acme)
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Reinstate(ctx, r); err != nil {
		log.Fatal(err)
	}
	ids, err := store.Tenants(ctx)
	fmt.Println(ids, err)
	// Output: [acme] <nil>
}

func ExampleStore_Retired() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	if _, err := store.Retire(ctx, acme); err != nil {
		log.Fatal(err)
	}

	// What is older than the window is removed for good.
	retired, err := store.Retired(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range retired {
		if time.Since(r.At) > 30*24*time.Hour {
			if err := store.Purge(ctx, r); err != nil {
				log.Fatal(err)
			}
		}
	}
	fmt.Println(len(retired))
	// Output: 1
}
