package lifecycle_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// secret is a value of 32 bytes that is found again wherever it is.
func secret(of string) string {
	return fmt.Sprintf("%.32s", of+" of acme, planted 0123456789abcdef")
}

// liveOf gives the tenant all that the catalog may know of one, with secrets in it, and changes
// it, so that there are earlier values too.
func liveOf(ctx context.Context, w world) error {
	ctx = catalog.WithActor(ctx, secret("actor"))
	_, err := w.m.Create(ctx, creation{
		ID: acme, DisplayName: secret("name"), Labels: map[string]string{"who": secret("label")},
		Aliases: []lifecycle.Alias{{Kind: "domain", Value: secret("alias")}}, Metadata: json.RawMessage(`{"who": "` + secret("metadata") + `"}`),
		Key: secret("key"), Seed: seed(secret("row")),
	})
	if err != nil {
		return err
	}
	_, failed := w.m.Create(ctx, creation{ID: acme, DisplayName: secret("name")})
	_, vetoed := w.m.Restore(ctx, acme, 9)
	if failed == nil || vetoed == nil {
		return errors.New("what should have failed did not")
	}
	for _, change := range []func() error{
		func() error { return w.cat.SetDisplayName(ctx, acme, secret("name 2")) },
		func() error { return w.cat.SetLabels(ctx, acme, map[string]string{"who": secret("label 2")}) },
		func() error {
			return w.cat.SetMetadata(ctx, acme, json.RawMessage(`"`+strings.Repeat(secret("metadata 2"), 500)+`"`)) // of several pages
		},
		func() error { return w.cat.AddAlias(ctx, acme, "domain", secret("alias 2")) },
		func() error { return w.cat.RemoveAlias(ctx, "domain", secret("alias")) },
		func() error {
			_, err := w.m.Suspend(ctx, acme, lifecycle.SuspendOptions{Reason: secret("reason")})
			return err
		},
		func() error { _, err := w.m.Delete(ctx, acme, secret("reason 2")); return err },
		func() error { _, err := w.m.Undelete(ctx, acme); return err },
	} {
		if err := change(); err != nil {
			return err
		}
	}
	return nil
}

func TestAfterEraseNothingThatTheCatalogKnewIsInTheDataFolder(t *testing.T) {
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w, err := enter(t.Context(), dir, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Among others, so that rows are moved from page to page.
	others := func(from, to int) {
		t.Helper()
		err := w.cat.Write(t.Context(), func(ctx context.Context, tx *catalog.Tx) error {
			for i := from; i < to; i++ {
				id := mustID(fmt.Sprintf("a%d-%d", i%7, i))
				if _, err := tx.Register(ctx, catalog.Registration{ID: id, DisplayName: strings.Repeat("other ", i%50)}); err != nil {
					return err
				}
				if err := tx.AddAlias(ctx, id, "domain", fmt.Sprintf("%d-of.example", i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	others(0, 300)
	if err := liveOf(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	others(300, 600)
	late := creation{ID: mustID("late"), Aliases: []lifecycle.Alias{{Kind: "domain", Value: secret("alias 2")}}}
	if _, err := w.m.Create(t.Context(), late); !errors.Is(err, catalog.ErrAliasTaken) {
		t.Fatalf("an alias that is taken: %v", err)
	}
	if _, err := w.m.BackupGlobal(t.Context(), lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	e, err := w.m.Erase(catalog.WithActor(t.Context(), "dpo"), acme)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(filepath.Join(dir.Path(), "global.db-wal")); err != nil || info.Size() != 0 {
		t.Errorf("the log: %v, %v", info, err)
	}
	told := false
	for _, u := range e.Unreached {
		if u.What == "free pages" {
			t.Errorf("unreached: %+v", u)
		}
		told = told || u.What == "backups of global.db"
	}
	if !told {
		t.Errorf("of the backup of the global database is not told: %+v", e.Unreached)
	}
	// As it says.
	if _, err := w.m.BackupGlobal(t.Context(), lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	for p, err := range w.m.PruneGlobal(t.Context(), lifecycle.PruneOptions{Rules: []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: 1}}}}) {
		if err := errors.Join(err, p.Err); err != nil {
			t.Fatal(err)
		}
	}
	if len(e.Aliases) != 2 {
		t.Errorf("aliases: %+v", e.Aliases)
	}
	// That it was there and erased, and by whom, is what is left.
	var left []string
	for entry, err := range w.cat.Entries(t.Context(), acme) {
		if err != nil {
			t.Fatal(err)
		}
		if entry.Operation == string(lifecycle.OpErase) && entry.Result == lifecycle.ResultOK {
			left = append(left, entry.Actor, string(entry.Detail))
		} else if entry.Actor != catalog.Redacted || string(entry.Detail) != `{"erased":true}` {
			t.Errorf("an entry was not redacted: %+v", entry)
		}
	}
	if len(left) != 2 || left[0] != "dpo" || !strings.Contains(left[1], `"aliases":2`) {
		t.Errorf("of the erasure is recorded %q", left)
	}
	if _, err := w.m.Erase(t.Context(), acme); err != nil {
		t.Error(err)
	}
	w.wantOthers(t)
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	if found := filesWith(t, dir.Path(), " of acme, planted"); len(found) > 0 {
		t.Errorf("it is in %v", found)
	}
}

// wantOthers fails unless what the catalog knows of others is as it was.
func (w world) wantOthers(t *testing.T) {
	t.Helper()
	n := 0
	for tenant, err := range w.cat.List(t.Context(), catalog.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if aliases, err := w.cat.Aliases(t.Context(), tenant.ID); err != nil || len(aliases) != 1 {
			t.Errorf("%v has %v, %v", tenant.ID, aliases, err)
		}
	}
	if n != 600 {
		t.Errorf("%d tenants are left", n)
	}
}
