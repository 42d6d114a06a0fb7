package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// Backups on another disk than the data's.
func ExampleNewFolder() {
	w, done := exampleWorld()
	defer done()
	path, err := os.MkdirTemp("", "silo-backups")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(path)
	folder := lifecycle.NewFolder(path)
	m, err := lifecycle.New(w.store, w.cat, lifecycle.Options{Backups: folder})
	if err != nil {
		log.Fatal(err)
	}
	ctx, id := context.Background(), exampleTenant(w)
	if _, err := m.Backup(ctx, id, lifecycle.BackupOptions{}); err != nil {
		log.Fatal(err)
	}
	n := 0
	for object, err := range folder.List(ctx, id.String()+"/") { // a database and its manifest
		if err != nil || object.Size == 0 {
			log.Fatal(object, err)
		}
		n++
	}
	_, err = folder.Get(ctx, "nothing")
	fmt.Println(folder.Path() == path, n, errors.Is(err, fs.ErrNotExist))
	// Output: true 2 true
}

func ExampleManager_Backup() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	taken, err := w.m.Backup(ctx, id, lifecycle.BackupOptions{})
	fmt.Println(taken.Backup.Sequence, taken.Backup.Database.Tenant, err)
	for b, err := range w.m.Backups(ctx, id) {
		fmt.Println(b.Sequence, b.Global(), err)
	}
	// Output:
	// 1 acme <nil>
	// 1 false <nil>
}

func ExampleManager_Verify() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	_, err := w.m.Verify(ctx, id, lifecycle.Last)
	fmt.Println(errors.Is(err, lifecycle.ErrNoBackup))
	if _, err := w.m.Backup(ctx, id, lifecycle.BackupOptions{}); err != nil {
		log.Fatal(err)
	}
	b, err := w.m.Verify(ctx, id, lifecycle.Last)
	fmt.Println(b.Sequence, err)
	// Output:
	// true
	// 1 <nil>
}

func ExampleInspectGlobal() {
	w, done := exampleWorld()
	defer done()
	ctx := context.Background()
	for range 2 {
		if _, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
			log.Fatal(err)
		}
	}
	for b, err := range w.m.GlobalBackups(ctx) {
		fmt.Println(b.Sequence, b.Global(), err)
	}
	verified, err := w.m.VerifyGlobal(ctx, lifecycle.Last)
	fmt.Println(verified.Sequence, err)
	found, err := lifecycle.InspectGlobal(ctx, w.dir, lifecycle.Last, lifecycle.Options{}) // with the catalog damaged, too
	fmt.Println(found.Sequence, err)
	rules := []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: 1}}}
	for p, err := range w.m.PruneGlobal(ctx, lifecycle.PruneOptions{Rules: rules}) {
		fmt.Println(p.Backup.Sequence, p.Backup.Database.Tenant == tenantdb.ID{}, err)
	}
	// Output:
	// 1 true <nil>
	// 2 true <nil>
	// 2 <nil>
	// 2 <nil>
	// 1 true <nil>
}
