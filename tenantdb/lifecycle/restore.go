package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Restored is what Restore has done.
type Restored struct {
	Backup Backup // the tenant is as it was in this one

	// Previous is the backup of what was there before, to undo the restore with. It is nil
	// if there was no file, or if that could not be copied: then PreviousErr says why.
	Previous    *Backup
	PreviousErr error
}

// Last is the number of a tenant's last backup, for Restore, RestoreAs and Verify.
const Last int64 = 0

// Restore gives the tenant the data of one of its backups, by its sequence or [Last]. What was
// there, all that was acknowledged until then, is backed up as the tenant's newest; a file
// that is too damaged for that is replaced all the same ([Restored].PreviousErr). The copy is
// verified and migrated beside; the old file stays until then, is replaced in one step, and kept
// until it is backed up. Handles from before are [tenantdb.ErrTenantGone]. The tenant's
// state stays as it is: resume a quarantined one afterwards. Its rollups begin anew.
//
// A tenant that has lost its file gets one. A deleted tenant is a *catalog.StateError:
// undelete it, or use RestoreAs. If another process has it open, the tenant is suspended until that has closed it, and for
// the moment of the replacement; one that still has it open after [Options].WaitElsewhere is [tenantdb.ErrTenantOpenElsewhere].
// Whatever fails, and if the process dies, the tenant has the old data or the new, whole; a file
// that was kept and not yet backed up then is so by the next Restore, Backup or Doctor.
func (m *Manager[S]) Restore(ctx context.Context, id tenantdb.ID, sequence int64) (done Restored, err error) {
	err = m.on(ctx, OpRestore, id, func(ctx context.Context) error {
		is, err := m.find(ctx, id)
		if err == nil && is != nil {
			_, err = m.usable(ctx, id)
		}
		if err == nil && is != nil && is.Operation == catalog.Restoring { // by one that died
			err = m.reopen(ctx, *is)
		}
		if err != nil {
			return err
		}
		there, err := m.store.Exists(ctx, id)
		if err == nil && there { // and is to be backed up
			err = m.mine(ctx)
		}
		if err != nil {
			return err
		}
		err = m.working(id, func(at string) error {
			path := at + copyName
			if done.Backup, err = m.fetch(ctx, id, sequence, path); err != nil {
				return err
			}
			source := tenantdb.Source{Path: path, SHA256: done.Backup.Database.SHA256}
			// Before, lest the sums stay what they are if the process dies, and once more afterwards, for until
			// the file is replaced the tenant may be summed up as it was.
			if err := m.catalog.RestartRollups(ctx, id); err != nil {
				return err
			}
			m.step("restore")
			if !there {
				_, err := m.store.Adopt(ctx, id, source)
				return err
			}
			if err := m.backUpKept(ctx, id); err != nil { // of one that died
				return err
			}
			return m.replace(ctx, id, source, &done)
		})
		if err != nil {
			return err
		}
		return m.restored(context.WithoutCancel(ctx), id, done)
	})
	return done, err
}

// restored makes a tenant known that was not, and records the restore.
func (m *Manager[S]) restored(ctx context.Context, id tenantdb.ID, done Restored) error {
	if _, err := m.known(ctx, id); err != nil {
		return err
	}
	d := detail{"sequence": done.Backup.Sequence}
	if done.Previous != nil {
		d["previous"] = done.Previous.Sequence
	}
	found, lookErr := m.lookAt(ctx, id)
	m.noteBy(ctx, entry(OpRestore, id, ResultOK, d), func(ctx context.Context, e catalog.Entry) error {
		return m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
			err := errors.Join(tx.RestartRollups(ctx, id), tx.Record(ctx, e))
			if lookErr == nil {
				err = errors.Join(err, tx.NoteSeen(ctx, id, found))
			}
			return err
		})
	})
	return nil
}

// replace gives the tenant the file, and backs up the one that it had.
func (m *Manager[S]) replace(ctx context.Context, id tenantdb.ID, source tenantdb.Source, done *Restored) error {
	var kept tenantdb.Retired
	err := m.closed(ctx, OpRestore, id, func() (err error) {
		kept, err = m.store.Replace(ctx, id, source)
		return err
	})
	if err != nil {
		return err
	}
	// The tenant is restored: what comes now changes nothing about that.
	if kept.Incarnation == "" {
		done.PreviousErr = tenantdb.ErrCorrupt
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	previous, err := m.backUpRetired(ctx, kept)
	if done.PreviousErr = err; err == nil {
		done.Previous = &previous
	}
	return nil
}

// backUpRetired makes a backup of a file that Replace has kept, and removes the file.
func (m *Manager[S]) backUpRetired(ctx context.Context, r tenantdb.Retired) (b Backup, err error) {
	if err := m.claim(ctx, r.Tenant); err != nil {
		return b, err
	}
	have, err := m.objects(ctx, r.Tenant)
	if err != nil {
		return b, err
	}
	rule, err := m.ruleFor(ctx, m.options.Rules, r.Tenant)
	if err != nil {
		return b, err
	}
	b = Backup{Format: 1, Sequence: have.highest + 1, Reason: beforeRestore}
	err = m.working(r.Tenant, func(at string) error {
		path := at + copyName
		m.step("snapshot what was kept")
		if b.Database, err = m.store.SnapshotRetired(ctx, r, path); err != nil {
			return err
		}
		return m.put(ctx, &b, path, rule.Durability)
	})
	if err != nil {
		return b, err
	}
	m.step("purge what was kept")
	return b, m.store.Purge(ctx, r)
}

// backUpKept backs up what Restores that died have kept. The tenant's lock is held.
func (m *Manager[S]) backUpKept(ctx context.Context, id tenantdb.ID) error {
	files, err := m.retired(ctx, id)
	if err != nil {
		return err
	}
	for _, r := range files {
		_, err := m.backUpRetired(ctx, r)
		// Not there any more, or one that was deleted before the tenant that there is now.
		if err != nil && !errors.Is(err, tenantdb.ErrNotRetired) && !errors.Is(err, tenantdb.ErrUnknownTenant) {
			return err
		}
	}
	return nil
}

// RestoreAs makes a new tenant of a backup of another, which need not be there any more, by
// its sequence or [Last]. Otherwise it is as [Manager.Create].
func (m *Manager[S]) RestoreAs(ctx context.Context, from tenantdb.ID, sequence int64, c Creation[S]) (catalog.Tenant, error) {
	if from.IsZero() || from == c.ID {
		return catalog.Tenant{}, explain(OpRestoreAs, c.ID, tenantdb.ErrBadID)
	}
	return m.make(ctx, making[S]{
		Creation: c, event: Event{Operation: OpRestoreAs, From: from}, also: []tenantdb.ID{from}, from: detail{"from": from.String(), "sequence": sequence},
		file: func(ctx context.Context, id tenantdb.ID) error {
			return m.working(from, func(at string) error {
				path := at + copyName
				b, err := m.fetch(ctx, from, sequence, path)
				if err != nil {
					return err
				}
				m.step("adopt")
				_, err = m.store.Adopt(ctx, id, tenantdb.Source{Path: path, SHA256: b.Database.SHA256})
				return err
			})
		},
	})
}

// fetch copies the database of a backup to the new file at path, and compares it with the
// manifest.
func (p *place) fetch(ctx context.Context, id tenantdb.ID, sequence int64, path string) (b Backup, err error) {
	if sequence == Last {
		have, err := p.objects(ctx, id)
		if err != nil {
			return b, err
		}
		if sequence = have.last(); sequence == 0 {
			return b, fmt.Errorf("%w: there is none", ErrNoBackup)
		}
	}
	if b, err = p.manifest(ctx, id, sequence); err != nil {
		return b, err
	}
	p.step("fetch")
	in, err := p.options.Backups.Get(ctx, databaseName(id, sequence))
	if errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("%w: number %d has a manifest and no database", ErrBadBackup, sequence)
	}
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return b, err
	}
	err = copyWhole(ctx, out, in, fmt.Sprintf("number %d", sequence), b.Database.Size, b.Database.SHA256)
	return b, errors.Join(err, out.Close())
}
