package lifecycle

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// RestoreGlobal gives the folder the global database of one of its backups, by its sequence
// or [Last], in the place of the one that is there, if one is: with its catalog, and what the
// application keeps in it. Options say where backups are and which rules count.
//
// It needs no Manager, for the catalog may be what is damaged. No other process may have the
// global database open ([tenantdb.ErrTenantOpenElsewhere]): stop the services. What is there
// is backed up first, to the last commit; one that is too damaged for that is replaced all the
// same. Whatever fails, and if the process dies, the old one or the new one is there, whole.
// Handles of this process to it are [tenantdb.ErrTenantGone] afterwards. Hooks are not called.
//
// The tenants are not touched. What was done to them since the backup, the catalog does not
// know any more: have [Manager.Doctor] compare them. It registers tenants that were created since, and
// finds those without a file that were erased since.
func RestoreGlobal(ctx context.Context, dir *tenantdb.Dir, sequence int64, options Options) (done Restored, err error) {
	if dir.Path() == "" {
		return done, &tenantdb.Error{Op: string(OpRestore), Err: tenantdb.ErrNoHandle, Hint: "get a Dir from tenantdb.Open"}
	}
	if err := checkRules(options.Rules); err != nil {
		return done, explain(OpRestore, tenantdb.ID{}, err)
	}
	return newPlace(dir, options).restoreGlobal(ctx, dir, sequence)
}

// InspectGlobal fetches a backup of the global database, by its sequence or [Last], and says
// whether RestoreGlobal could restore it, which it does not. It opens no database of the
// folder, and does not look whether another process has one open.
func InspectGlobal(ctx context.Context, dir *tenantdb.Dir, sequence int64, options Options) (b Backup, err error) {
	if dir.Path() == "" {
		return b, &tenantdb.Error{Op: string(OpVerify), Err: tenantdb.ErrNoHandle, Hint: "get a Dir from tenantdb.Open"}
	}
	p, global := newPlace(dir, options), tenantdb.ID{}
	ctx, release, err := p.locks.take(ctx, global)
	if err != nil {
		return b, explain(OpVerify, global, err)
	}
	defer release()
	if _, err := p.replacesGlobal(ctx); err != nil {
		return b, explain(OpRestore, global, err)
	}
	err = p.working(global, func(at string) error {
		path := at + copyName
		if b, err = p.fetch(ctx, global, sequence, path); err != nil {
			return err
		}
		return badBackup(ctx, b, catalog.Inspect(ctx, dir, tenantdb.Source{Path: path, SHA256: b.Database.SHA256}))
	})
	return b, explain(OpVerify, global, err)
}

// replacesGlobal reports whether a restore would replace a global database, which it backs up: then it fails if that
// cannot be put to the Target.
func (p *place) replacesGlobal(ctx context.Context) (bool, error) {
	if _, err := os.Lstat(filepath.Join(p.root, globalFolder)); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return true, p.mine(ctx)
}

func (p *place) restoreGlobal(ctx context.Context, dir *tenantdb.Dir, sequence int64) (done Restored, err error) {
	global := tenantdb.ID{}
	ctx, release, err := p.locks.take(ctx, global)
	if err != nil {
		return done, explain(OpRestore, global, err)
	}
	defer release()
	p.sweepWork(global)
	replaces, err := p.replacesGlobal(ctx)
	if err != nil {
		return done, explain(OpRestore, global, err)
	}
	err = p.working(global, func(at string) error {
		path := at + copyName
		if done.Backup, err = p.fetch(ctx, global, sequence, path); err != nil {
			return err
		}
		p.step("restore")
		if replaces {
			done.PreviousErr = tenantdb.ErrCorrupt // unless it is read
		}
		return catalog.Restore(ctx, dir, tenantdb.Source{Path: path, SHA256: done.Backup.Database.SHA256}, tenantdb.GlobalRestoreOptions{
			PreviousPath: at + "previous.db",
			Previous: func(ctx context.Context, path string, m tenantdb.Manifest) error {
				done.PreviousErr = nil
				done.Previous, err = p.putPrevious(ctx, path, m)
				return err
			},
		})
	})
	if err != nil {
		return done, explain(OpRestore, global, err)
	}
	return done, explain(OpRestore, global, p.recordGlobal(context.WithoutCancel(ctx), dir, done))
}

// putPrevious stores what a restore of the global database replaces.
func (p *place) putPrevious(ctx context.Context, path string, m tenantdb.Manifest) (*Backup, error) {
	if err := p.claim(ctx, tenantdb.ID{}); err != nil {
		return nil, err
	}
	have, err := p.objects(ctx, tenantdb.ID{})
	if err != nil {
		return nil, err
	}
	m.Mark = "" // it will not be there any more
	b := Backup{Format: 1, Sequence: have.highest + 1, Reason: beforeRestore, Database: m}
	return &b, p.put(ctx, &b, path, ruleOf(p.options.Rules, catalog.Tenant{}).Durability)
}

// recordGlobal records in the catalog that is there now how it came to be there.
func (p *place) recordGlobal(ctx context.Context, dir *tenantdb.Dir, done Restored) error {
	cat, err := catalog.Open(ctx, dir)
	if err != nil {
		return err
	}
	d := detail{"sequence": done.Backup.Sequence}
	if done.Previous != nil {
		d["previous"] = done.Previous.Sequence
	}
	return cat.Record(ctx, entry(OpRestore, tenantdb.ID{}, ResultOK, d))
}
