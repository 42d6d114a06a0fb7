package lifecycle_test

import (
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// A backup is found by the tenant's ID. Whoever got the ID of a customer that has left would have
// that one's backups restored, counted as their own, and erased.
func TestAnIDOfWhichThereAreBackupsIsGivenToNobodyElse(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	ctx := t.Context()
	if err := then(makeAcme, backUp)(ctx, w); err != nil {
		t.Fatal(err)
	}
	other := w.create(t, "globex", "other")
	archive := filepath.Join(t.TempDir(), "globex.tar")
	if _, err := w.m.Export(ctx, other, archive); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Backup(ctx, other, lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := remove(ctx, w); err != nil {
		t.Fatal(err)
	}
	if err := w.m.PurgeTenant(ctx, acme); err != nil {
		t.Fatal(err)
	}
	for what, make := range map[string]func() error{
		"create":     func() error { _, err := w.m.Create(ctx, creation{ID: acme}); return err },
		"clone":      func() error { _, err := w.m.Clone(ctx, other, creation{ID: acme}); return err },
		"import":     func() error { _, err := w.m.Import(ctx, archive, creation{ID: acme}); return err },
		"restore as": func() error { _, err := w.m.RestoreAs(ctx, other, lifecycle.Last, creation{ID: acme}); return err },
	} {
		t.Run(what, func(t *testing.T) {
			wantErr(t, make(), lifecycle.ErrHasBackups)
			if err := is(acme, "")(ctx, w); err != nil {
				t.Error(err)
			}
		})
	}
	// The tenant itself comes back by its backup; or goes for good, and then the ID is free.
	if _, err := w.m.Restore(ctx, acme, lifecycle.Last); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, acme, "made", "first")
	if _, err := w.m.Erase(ctx, acme); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Create(ctx, creation{ID: acme, Seed: seed("new")}); err != nil {
		t.Fatal(err)
	}
	_, err := w.m.Restore(ctx, acme, lifecycle.Last)
	wantErr(t, err, lifecycle.ErrNoBackup)
	w.wantHealthy(t)
}
