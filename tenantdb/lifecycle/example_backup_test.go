package lifecycle_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// The rules of a service and of its operators' commands, in one file.
func ExampleParseRules() {
	rules, err := lifecycle.ParseRules([]byte(`[
		{"label": "plan=pro", "interval": "1h", "keep_last": 24, "keep_for": "90d", "durability": "read-back"},
		{"interval": "24h", "keep_for": "30d"}
	]`))
	for _, r := range rules {
		fmt.Println(r.Label, r.Value, r.Interval, r.Durability, r.Retention.Last, r.Retention.For)
	}
	fmt.Println(err)
	// Output:
	// plan pro 1h0m0s read-back 24 2160h0m0s
	//   24h0m0s stored 0 720h0m0s
	// <nil>
}

func ExampleParseSpan() {
	fmt.Println(lifecycle.ParseSpan("90d"))
	// Output: 2160h0m0s <nil>
}

// Who is due, by rules that a Manager was made with.
func ExampleManager_BackupStatuses() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	m, err := lifecycle.New(w.store, w.cat, lifecycle.Options{Rules: []lifecycle.BackupRule{{Tenant: id, Interval: time.Hour}}})
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		for s, err := range m.BackupStatuses(ctx, catalog.Filter{State: catalog.Active}) {
			fmt.Println(s.Tenant, s.Due(), s.Count, err)
		}
		if _, err := m.Backup(ctx, id, lifecycle.BackupOptions{Due: lifecycle.OnlyDue}); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// acme true 0 <nil>
	// acme false 1 <nil>
}

// What a run would do, for a dry run: it changes nothing.
func ExampleManager_RehearseBackups() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	o := lifecycle.BackupOptions{Due: lifecycle.OnlyDue, Unchanged: lifecycle.CopyUnchanged}
	m, err := lifecycle.New(w.store, w.cat, lifecycle.Options{Rules: []lifecycle.BackupRule{{Interval: time.Hour}}})
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		for would, err := range m.RehearseBackups(ctx, catalog.Filter{}, o) {
			fmt.Printf("%v %q %v %v\n", would.Tenant, would.Skipped, would.Err, err)
		}
		if _, err := m.Backup(ctx, id, o); err != nil {
			log.Fatal(err)
		}
	}
	would, err := m.RehearseBackup(ctx, id, o)
	fmt.Println(would.Backup.Sequence, would.Skipped, err)
	// Output:
	// acme "" <nil> <nil>
	// acme "not due" <nil> <nil>
	// 1 not due <nil>
}

func ExampleManager_BackupGlobal() {
	w, done := exampleWorld()
	defer done()
	ctx := context.Background()
	if _, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{}); err != nil {
		log.Fatal(err)
	}
	for b, err := range w.m.GlobalBackups(ctx) {
		fmt.Println(b.Sequence, b.Global(), err)
	}
	_, err := w.m.VerifyGlobal(ctx, lifecycle.Last)
	fmt.Println(err)
	keepTwo := lifecycle.PruneOptions{Rules: []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: 2}}}}
	for p, err := range w.m.PruneGlobal(ctx, keepTwo) {
		fmt.Println("removed", p.Backup.Sequence, err)
	}
	// Output:
	// 1 true <nil>
	// <nil>
}

// While no service runs.
func ExampleRestoreGlobal() {
	w, done := exampleWorld()
	defer done()
	ctx := context.Background()
	if _, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{}); err != nil {
		log.Fatal(err)
	}
	b, err := lifecycle.InspectGlobal(ctx, w.dir, lifecycle.Last, lifecycle.Options{}) // a rehearsal
	fmt.Println(b.Sequence, err)
	r, err := lifecycle.RestoreGlobal(ctx, w.dir, lifecycle.Last, lifecycle.Options{})
	fmt.Println(r.Backup.Sequence, r.Previous.Sequence, err)
	// Output:
	// 1 <nil>
	// 1 2 <nil>
}

// What commands say before they do it.
func ExampleInspectImport() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	folder, err := os.MkdirTemp("", "silo-handover")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(folder, "acme.tar")
	fmt.Println(lifecycle.CheckExport(w.dir, id, path))
	if _, err := w.m.Export(ctx, id, path); err != nil {
		log.Fatal(err)
	}
	other, _ := tenantdb.ParseID("other")
	e, err := lifecycle.InspectImport(ctx, w.store, path, other)
	fmt.Println(e.Database.Tenant, err)
	// Output:
	// <nil>
	// acme <nil>
}

func ExampleManager_InspectBackup() {
	w, done := exampleWorld()
	defer done()
	ctx, id := context.Background(), exampleTenant(w)
	if _, err := w.m.Backup(ctx, id, lifecycle.BackupOptions{}); err != nil {
		log.Fatal(err)
	}
	b, err := w.m.InspectBackup(ctx, id, lifecycle.Last)
	fmt.Println(b.Sequence, err)
	// Output: 1 <nil>
}
