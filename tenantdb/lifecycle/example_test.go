package lifecycle_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// exampleWorld opens a new data folder; an application does this once.
func exampleWorld() (w world, done func()) {
	folder, err := os.MkdirTemp("", "silo")
	if err != nil {
		log.Fatal(err)
	}
	folder, err = filepath.EvalSymlinks(folder)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: filepath.Join(folder, "data")})
	if err != nil {
		log.Fatal(err)
	}
	if w, err = enter(ctx, dir, lifecycle.Options{}); err != nil {
		log.Fatal(err)
	}
	return w, func() {
		if err := dir.Close(); err != nil {
			log.Fatal(err)
		}
		os.RemoveAll(folder)
	}
}

func exampleTenant(w world) tenantdb.ID {
	id, err := tenantdb.ParseID("acme")
	if err == nil {
		_, err = w.m.Create(context.Background(), lifecycle.Creation[tenant.Schema]{ID: id, DisplayName: "Acme"})
	}
	if err != nil {
		log.Fatal(err)
	}
	return id
}

func ExampleManager_Create() {
	w, done := exampleWorld()
	defer done()
	ctx := catalog.WithActor(context.Background(), "sign-up page")
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	c := lifecycle.Creation[tenant.Schema]{
		ID: id, DisplayName: "Acme", Key: "order 4711",
		Seed: func(ctx context.Context, db *tenant.DB) error {
			return tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "theme", Value: "dark"})
		},
		SignUp: lifecycle.Together(w.global, func(ctx context.Context, tx *global.Tx, created catalog.Tenant) error {
			_, err := global.New(tx).CreateUser(ctx, global.CreateUserParams{ID: "u1", Email: "ada@acme.example", Name: "Ada"})
			return err
		}),
	}
	for range 2 { // the second time, the key finds it
		acme, err := w.m.Create(ctx, c)
		fmt.Println(acme.ID, acme.DisplayName, acme.State, err)
	}
	// Output:
	// acme Acme active <nil>
	// acme Acme active <nil>
}

func ExampleManager_Suspend() {
	w, done := exampleWorld()
	defer done()
	id := exampleTenant(w)
	_, err := w.m.Suspend(context.Background(), id, lifecycle.SuspendOptions{Reason: "the bill is open"})
	fmt.Println(err)
	ctx, _ := tenantdb.WithTenant(context.Background(), id)
	_, err = w.store.Resolve(ctx)
	fmt.Println(err)
	// Output:
	// <nil>
	// tenantdb: resolve: tenant acme: the tenant is suspended: the bill is open
}

func ExampleManager_Delete() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	stone, err := w.m.Delete(ctx, id, "contract ended")
	fmt.Println(stone.Tenant.State, stone.Until.Sub(stone.Tenant.ChangedAt), err)
	back, err := w.m.Undelete(ctx, id)
	fmt.Println(back.State, err)
	// Output:
	// deleted 720h0m0s <nil>
	// active <nil>
}

func ExampleManager_Export() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	path := filepath.Join(filepath.Dir(w.dir.Path()), "acme.tar")
	e, err := w.m.Export(ctx, id, path)
	fmt.Println(e.Database.Tenant, e.Tables[0].Name, e.Tables[0].Rows, err)
	other, _ := tenantdb.ParseID("acme-eu")
	moved, err := w.m.Import(ctx, path, lifecycle.Creation[tenant.Schema]{ID: other})
	fmt.Println(moved.ID, moved.DisplayName, err)
	// Output:
	// acme action_documents 0 <nil>
	// acme-eu Acme <nil>
}

func ExampleManager_Restore() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	b, err := w.m.Backup(ctx, id, lifecycle.BackupOptions{})
	fmt.Println(b.Backup.Sequence, b.Skipped, err)
	restored, err := w.m.Restore(ctx, id, lifecycle.Last)
	fmt.Println(restored.Backup.Sequence, restored.Previous != nil, err)
	// Output:
	// 1  <nil>
	// 1 true <nil>
}

func ExampleManager_Prune() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	for range 3 {
		if _, err := w.m.Backup(ctx, id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
			log.Fatal(err)
		}
	}
	rules := []lifecycle.BackupRule{
		{Label: "plan", Value: "pro", Retention: lifecycle.Retention{For: 365 * 24 * time.Hour}},
		{Retention: lifecycle.Retention{Last: 2}},
	}
	for p, err := range w.m.Prune(ctx, tenantdb.ID{}, lifecycle.PruneOptions{Rules: rules}) {
		fmt.Println(p.Backup.Database.Tenant, p.Backup.Sequence, p.Err, err)
	}
	// Output:
	// acme 1 <nil> <nil>
}

func ExampleManager_Erase() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	e, err := w.m.Erase(ctx, id)
	fmt.Println(filepath.Base(e.Files[0].Path), err)
	for _, u := range e.Unreached {
		fmt.Println("left:", u.What)
	}
	// Output:
	// acme.db <nil>
	// left: the application's rows
	// left: copies by other means
	// left: free blocks of the disk
	// left: audit
}

func ExampleManager_Doctor() {
	w, done := exampleWorld()
	defer done()
	ctx := context.Background()
	id, _ := tenantdb.ParseID("unknown")
	if err := w.store.Create(ctx, id); err != nil { // past the catalog
		log.Fatal(err)
	}
	for f, err := range w.m.Doctor(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}) {
		fmt.Println(f.Tenant, f.Kind, f.Remedy, err)
	}
	// Output:
	// unknown orphan file mended <nil>
}

func ExampleManager_Clone() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	to, _ := tenantdb.ParseID("acme-test")
	clone, err := w.m.Clone(ctx, id, lifecycle.Creation[tenant.Schema]{
		ID: to, DisplayName: "Acme, to try things",
		Seed: func(ctx context.Context, db *tenant.DB) error { // such as taking out what is personal
			return tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "mail", Value: "off"})
		},
	})
	fmt.Println(clone.ID, clone.DisplayName, err)
	// Output:
	// acme-test Acme, to try things <nil>
}

func ExampleManager_BackupAll() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	for b, err := range w.m.BackupAll(ctx, catalog.Filter{}, lifecycle.BackupOptions{}) {
		fmt.Println(b.Tenant, b.Backup.Sequence, b.Err, err)
	}
	for b, err := range w.m.Backups(ctx, id) {
		fmt.Println(b.Sequence, b.Database.Tenant, err)
	}
	_, err := w.m.Verify(ctx, id, lifecycle.Last)
	fmt.Println(err)
	// Output:
	// acme 1 <nil> <nil>
	// 1 acme <nil>
	// <nil>
}

func ExampleManager_RestoreAs() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	if _, err := w.m.Backup(ctx, id, lifecycle.BackupOptions{}); err != nil {
		log.Fatal(err)
	}
	to, _ := tenantdb.ParseID("acme-check")
	made, err := w.m.RestoreAs(ctx, id, lifecycle.Last, lifecycle.Creation[tenant.Schema]{ID: to})
	fmt.Println(made.ID, made.State, err)
	// Output:
	// acme-check active <nil>
}

func ExampleManager_Purge() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	if _, err := w.m.Delete(ctx, id, ""); err != nil {
		log.Fatal(err)
	}
	for p, err := range w.m.Purge(ctx) { // the window is not over
		fmt.Println(p.Tombstone.Tenant.ID, p.Err, err)
	}
	fmt.Println(w.m.PurgeTenant(ctx, id)) // now
	// Output:
	// <nil>
}
