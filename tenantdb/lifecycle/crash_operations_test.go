package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// crash is an operation of which every step is one before which a process dies.
type crash struct {
	prepare func(ctx context.Context, w world) error
	run     func(ctx context.Context, w world) error

	// What is true of the folder before and after it: nil, or why not. The one that is undone
	// by Doctor is as before, the one that is run again as after it.
	before, after func(ctx context.Context, w world) error
}

// crashing are all operations. Besides acme, and globex where an operation is of several
// tenants, each folder has a bystander.
var crashing = map[string]crash{
	"create": {nothing, makeAcme, is(acme, ""), has(acme, "first")},
	"sign up": {nothing, func(ctx context.Context, w world) error {
		_, err := w.m.Create(ctx, creation{
			ID: acme, Key: "order 1", Aliases: []lifecycle.Alias{{Kind: "domain", Value: "acme.example"}}, Seed: seed("first"), SignUp: signUp(w, "ada", nil),
		})
		return err
	}, then(is(acme, ""), userIs("ada", false)), then(has(acme, "first"), userIs("ada", true), func(ctx context.Context, w world) error {
		for kind, value := range map[string]string{lifecycle.KeyKind: "order 1", "domain": "acme.example"} {
			if of, err := w.cat.LookupAlias(ctx, kind, value); err != nil || of != acme {
				return fmt.Errorf("%s %s is of %v, %w", kind, value, of, err)
			}
		}
		return nil
	})},
	"sign up with the alias of one that died": {func(ctx context.Context, w world) error {
		_, err := w.cat.Register(ctx, catalog.Registration{ID: copied, State: catalog.Creating})
		return errors.Join(err, w.store.Create(ctx, copied), w.cat.AddAlias(ctx, copied, "domain", "acme.example"))
	}, func(ctx context.Context, w world) error {
		_, err := w.m.Create(ctx, creation{ID: acme, Aliases: []lifecycle.Alias{{Kind: "domain", Value: "acme.example"}}, Seed: seed("first")})
		return err
	}, then(is(acme, ""), is(copied, "")), then(has(acme, "first"), is(copied, ""))},
	"suspend": {makeAcme, suspend, has(acme, "first"), is(acme, catalog.Suspended)},
	"resume": {then(makeAcme, suspend), func(ctx context.Context, w world) error {
		_, err := w.m.Resume(ctx, acme)
		return err
	}, is(acme, catalog.Suspended), has(acme, "first")},
	"quarantine": {makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.Quarantine(ctx, acme, "odd")
		return err
	}, has(acme, "first"), is(acme, catalog.Quarantined)},
	"clone": {makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.Clone(ctx, acme, creation{ID: copied})
		return err
	}, then(has(acme, "first"), is(copied, "")), then(has(acme, "first"), has(copied, "first"))},
	"export": {makeAcme, exportTo("acme.tar"), has(acme, "first"), func(ctx context.Context, w world) error {
		return errors.Join(importFrom("acme.tar", imported)(ctx, w), has(imported, "first")(ctx, w))
	}},
	"import":      {then(makeAcme, exportTo("acme.tar")), importFrom("acme.tar", copied), is(copied, ""), has(copied, "first")},
	"import bare": {then(makeAcme, backUp), importFrom("data/backups/acme/000000000001.db", copied), is(copied, ""), has(copied, "first")},
	"delete": {makeAcme, remove, has(acme, "first"), then(is(acme, catalog.Deleted), func(ctx context.Context, w world) error {
		_, err := w.m.Undelete(ctx, acme)
		return err
	}, has(acme, "first"))},
	"undelete": {then(makeAcme, remove), func(ctx context.Context, w world) error {
		_, err := w.m.Undelete(ctx, acme)
		return err
	}, is(acme, catalog.Deleted), has(acme, "first")},
	"purge": {then(makeAcme, remove), func(ctx context.Context, w world) error { return w.m.PurgeTenant(ctx, acme) }, is(acme, catalog.Deleted), is(acme, "")},
	"erase": {then(makeAcme, backUp, exportTo("acme.tar"), remove, func(ctx context.Context, w world) error {
		_, err := w.m.Undelete(ctx, acme)
		return err
	}), func(ctx context.Context, w world) error {
		_, err := w.m.Erase(ctx, acme)
		return err
	}, has(acme, "first"), then(is(acme, ""), backups(acme), func(_ context.Context, w world) error {
		if exists(filepath.Join(filepath.Dir(w.dir.Path()), "acme.tar")) {
			return errors.New("the export is there")
		}
		return nil
	})},
	"backup": {then(makeAcme, backUp, put("second")), backUp, backups(acme, 1), func(ctx context.Context, w world) error {
		// It may be that the one which died had finished one, and the mark is as it was, or not.
		if backups(acme, 1, 2)(ctx, w) != nil && backups(acme, 1, 3)(ctx, w) != nil {
			return backups(acme, 1, 2, 3)(ctx, w)
		}
		return nil
	}},
	// Nobody has backed up to that place before.
	"first backup": {then(makeAcme, func(_ context.Context, w world) error {
		return os.Remove(filepath.Join(w.dir.Path(), "backups", "owner.json"))
	}), backUp, backups(acme), backedUp(acme)},
	"backup all": {makeBoth, func(ctx context.Context, w world) error {
		for b, err := range w.m.BackupAll(ctx, catalog.Filter{Label: "group", Value: "ours"}, lifecycle.BackupOptions{}) {
			if err := errors.Join(err, b.Err); err != nil {
				return err
			}
		}
		return nil
	}, nothing, then(backedUp(acme), backedUp(globex))}, // each that is there is whole: Doctor sees to that
	"verify": {then(makeAcme, backUp), func(ctx context.Context, w world) error {
		_, err := w.m.Verify(ctx, acme, lifecycle.Last)
		return err
	}, backups(acme, 1), then(backups(acme, 1), has(acme, "first"))},
	"restore": {then(makeAcme, backUp, put("second")), func(ctx context.Context, w world) error {
		_, err := w.m.Restore(ctx, acme, 1)
		return err
	}, has(acme, "second"), has(acme, "first")},
	"restore as": {then(makeAcme, backUp), func(ctx context.Context, w world) error {
		_, err := w.m.RestoreAs(ctx, acme, lifecycle.Last, creation{ID: copied})
		return err
	}, then(is(copied, ""), backups(acme, 1)), then(has(copied, "first"), backups(acme, 1))},
	"backup global": {makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{})
		return err
	}, has(acme, "first"), globalBackups},
	"prune": {then(makeAcme, backUp, put("second"), backUp, put("third"), backUp), func(ctx context.Context, w world) error {
		for p, err := range w.m.Prune(ctx, acme, lifecycle.PruneOptions{Rules: keeping(1)}) {
			if err := errors.Join(err, p.Err); err != nil {
				return err
			}
		}
		return nil
	}, func(ctx context.Context, w world) error { // each that is there is whole
		if backups(acme, 2, 3)(ctx, w) == nil {
			return nil
		}
		return backups(acme, 1, 2, 3)(ctx, w)
	}, backups(acme, 3)},
	"doctor": {breakMuch, func(ctx context.Context, w world) error {
		list, err := w.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe, Depth: lifecycle.DepthContent})
		for _, f := range list {
			if f.Error != "" {
				err = errors.Join(err, fmt.Errorf("%+v", f))
			}
		}
		return err
	}, nothing, then(is(mustID("orphan"), catalog.Active), is(mustID("half"), ""), is(acme, catalog.Deleted), backups(globex, 1), has(globex, "theirs"))},
}

var (
	acme, globex, bystander = mustID("acme"), mustID("globex"), mustID("bystander")
	copied, imported        = mustID("copy"), mustID("imported")
)

func makeAcme(ctx context.Context, w world) error {
	_, err := w.m.Create(ctx, creation{ID: acme, DisplayName: "Acme", Labels: map[string]string{"group": "ours"}, Seed: seed("first")})
	return err
}

func makeBoth(ctx context.Context, w world) error {
	_, err := w.m.Create(ctx, creation{ID: globex, Labels: map[string]string{"group": "ours"}, Seed: seed("theirs")})
	return errors.Join(err, makeAcme(ctx, w))
}

func makeBystander(ctx context.Context, w world) error {
	_, err := w.m.Create(ctx, creation{ID: bystander, DisplayName: "By", Aliases: []lifecycle.Alias{{Kind: "domain", Value: "by.example"}}, Seed: seed("by")})
	if err == nil {
		_, err = w.m.Backup(ctx, bystander, lifecycle.BackupOptions{})
	}
	return err
}

// breakMuch leaves the folder as operations do that died, one of each kind.
func breakMuch(ctx context.Context, w world) error {
	if err := makeBoth(ctx, w); err != nil {
		return err
	}
	for range 2 {
		if _, err := w.m.Backup(ctx, globex, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
			return err
		}
	}
	half := mustID("half")
	_, registered := w.cat.Register(ctx, catalog.Registration{ID: half, State: catalog.Creating})
	is, err := w.cat.Get(ctx, acme)
	if err := errors.Join(registered, err, w.store.Create(ctx, half), w.store.Create(ctx, mustID("orphan"))); err != nil {
		return err
	}
	_, err = w.cat.SetState(ctx, acme, is.Generation, catalog.Change{State: catalog.Deleting})
	root := w.dir.Path()
	return errors.Join(err, os.Remove(filepath.Join(root, "backups", "globex", "000000000002.json")),
		old(filepath.Join(root, "tenants", ".globex.db.building.7")), os.MkdirAll(filepath.Join(root, "work", "globex.123"), 0o700))
}

func suspend(ctx context.Context, w world) error {
	_, err := w.m.Suspend(ctx, acme, lifecycle.SuspendOptions{})
	return err
}

func put(value string) func(context.Context, world) error {
	return func(_ context.Context, w world) error { return w.put(acme, "made", value) }
}

func backUp(ctx context.Context, w world) error {
	_, err := w.m.Backup(ctx, acme, lifecycle.BackupOptions{})
	return err
}

func remove(ctx context.Context, w world) error {
	_, err := w.m.Delete(ctx, acme, "left")
	return err
}

// exportTo exports acme to a file beside the data folder, which Erase finds there.
func exportTo(name string) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		path := filepath.Join(filepath.Dir(w.dir.Path()), name)
		if _, err := os.Lstat(path); err == nil {
			return nil // an export that has its name is whole
		}
		_, err := w.m.Export(ctx, acme, path)
		return err
	}
}

func importFrom(name string, to tenantdb.ID) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		_, err := w.m.Import(ctx, filepath.Join(filepath.Dir(w.dir.Path()), name), creation{ID: to})
		return err
	}
}

// old makes a file that was last written to two hours ago.
func old(path string) error {
	then := time.Now().Add(-2 * time.Hour)
	return errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, then, then))
}

// userIs says whether the application has a user, in its own table of the global database.
func userIs(name string, want bool) func(context.Context, world) error {
	return func(ctx context.Context, w world) error {
		_, err := global.New(w.global).GetUserByEmail(ctx, name+"@example.com")
		if want != (err == nil) {
			return fmt.Errorf("user %s: %w", name, err)
		}
		return nil
	}
}
