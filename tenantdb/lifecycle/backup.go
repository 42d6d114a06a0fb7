package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb"
)

// Backup is one backup of a tenant, or of the global database. Its encoding as JSON is stable, and is what is kept
// beside the copy.
type Backup struct {
	Format int `json:"format"` // 1

	// Sequence orders the backups of a tenant: a later one has a higher number, whatever
	// clocks said. Numbers may be left out.
	Sequence int64 `json:"sequence"`

	// Reason says why it was taken, if not because somebody asked for it.
	Reason string `json:"reason,omitempty"`

	// Database says what the copy is.
	Database tenantdb.Manifest `json:"database"`
}

// Global reports whether it is one of the global database, whose manifest names no tenant.
func (b Backup) Global() bool { return b.Database.Tenant.IsZero() }

// beforeRestore is the Reason of a backup that Restore has taken.
const beforeRestore = "before a restore"

// names of the two objects of a backup.
func databaseName(id tenantdb.ID, sequence int64) string {
	return fmt.Sprintf("%s/%012d.db", folderOf(id), sequence)
}

func manifestName(id tenantdb.ID, sequence int64) string {
	return fmt.Sprintf("%s/%012d.json", folderOf(id), sequence)
}

// BackupOptions say how a backup is taken. The zero value means the defaults.
type BackupOptions struct {
	// Unchanged says what is done about a tenant to which nothing was written since its last
	// backup. Defaults to SkipUnchanged.
	Unchanged Unchanged

	// Due says what is done about a tenant whose rule says that it is not due. Defaults to
	// WhetherDueOrNot.
	Due Due

	// Snapshot says how the copy is taken.
	Snapshot tenantdb.SnapshotOptions
}

// Unchanged says what is done about a tenant that is as in its last backup.
type Unchanged int

// What is done.
const (
	SkipUnchanged Unchanged = iota // its last backup is the result
	CopyUnchanged                  // it is backed up once more
)

// Due says what is done about a tenant that is not due by its rule ([Options].Rules).
type Due int

// What is done.
const (
	WhetherDueOrNot Due = iota // it is backed up
	OnlyDue                    // its last backup is the result
)

// BackedUp is what Backup has done.
type BackedUp struct {
	Backup  Backup
	Skipped Skipped
}

// Skipped says why nothing was copied, so that the result is an earlier backup. Empty means
// that it is a new one.
type Skipped string

// Why nothing was copied.
const (
	SkippedUnchanged Skipped = "unchanged" // nothing was written since
	SkippedNotDue    Skipped = "not due"
)

// Backup copies the tenant's file to the Target while others use it: one state of it,
// verified (SQLite's quick_check, SHA-256, the version of its schema) before it has its
// name there. It needs the place of the copy in DIR/work for as long.
//
// A backup is there whole or not at all. If the process dies, a database without a manifest
// may be left, which the tenant's next backup, or Prune, removes.
func (m *Manager[S]) Backup(ctx context.Context, id tenantdb.ID, o BackupOptions) (done BackedUp, err error) {
	err = m.on(ctx, OpBackup, id, func(ctx context.Context) error {
		if _, err := m.usable(ctx, id); err != nil {
			return err
		}
		if err := m.backUpKept(ctx, id); err != nil {
			return err
		}
		if done, err = m.backup(ctx, id, o); err != nil || done.Skipped != "" {
			return err
		}
		m.noteCopied(ctx, OpBackup, done.Backup.Database, detail{"sequence": done.Backup.Sequence})
		return nil
	})
	return done, err
}

// BackupGlobal copies the global database, which has the catalog and what the application
// keeps there, to the Target, as Backup does a tenant's file. [RestoreGlobal] brings it back.
// It is recorded in the audit as begun before it is copied, so that the copy has that too.
func (m *Manager[S]) BackupGlobal(ctx context.Context, o BackupOptions) (done BackedUp, err error) {
	err = m.onOwner(ctx, OpBackup, tenantdb.ID{}, func(ctx context.Context) error {
		done, err = m.backup(ctx, tenantdb.ID{}, o)
		return err
	})
	return done, err
}

// backup takes a backup of the tenant, or with the zero ID of the global database. Its lock is held.
func (m *Manager[S]) backup(ctx context.Context, id tenantdb.ID, o BackupOptions) (BackedUp, error) {
	if err := m.claim(ctx, id); err != nil {
		return BackedUp{}, err
	}
	have, err := m.objects(ctx, id)
	if err != nil {
		return BackedUp{}, err
	}
	rule, err := m.ruleFor(ctx, m.options.Rules, id)
	if err != nil {
		return BackedUp{}, err
	}
	if last, why, err := m.skip(ctx, have, rule, o); err != nil || why != "" {
		return BackedUp{Backup: last, Skipped: why}, err
	}
	if err := m.removeHalves(ctx, id, have); err != nil {
		return BackedUp{}, err
	}
	if id.IsZero() {
		m.note(ctx, OpBackup, id, ResultBegun, nil)
	}
	b := Backup{Format: 1, Sequence: have.highest + 1}
	err = m.working(id, func(at string) (err error) {
		path := at + copyName
		m.step("snapshot")
		if b.Database, err = m.snapshot(ctx, id, path, o.Snapshot); err != nil {
			return err
		}
		return m.put(ctx, &b, path, rule.Durability)
	})
	return BackedUp{Backup: b}, err
}

// skip returns the last backup, and why no other is to be taken, or "".
func (m *Manager[S]) skip(ctx context.Context, have *objects, rule BackupRule, o BackupOptions) (last Backup, why Skipped, err error) {
	if have.last() == 0 || o.Unchanged != SkipUnchanged && o.Due != OnlyDue {
		return last, "", nil
	}
	last, err = m.manifest(ctx, have.tenant, have.last())
	if err != nil || have.databases[last.Sequence] != last.Database.Size {
		return last, "", nil //nolint:nilerr // it is not one to rely on: another is taken
	}
	if o.Due == OnlyDue && !rule.dueAt(last.taken(), m.options.Now()).IsZero() {
		return last, SkippedNotDue, nil
	}
	if o.Unchanged != SkipUnchanged {
		return last, "", nil
	}
	same, err := m.unchanged(ctx, have.tenant, last.Database.Mark)
	if err != nil || !same {
		return last, "", err
	}
	return last, SkippedUnchanged, nil
}

func (m *Manager[S]) unchanged(ctx context.Context, id tenantdb.ID, mark string) (bool, error) {
	if id.IsZero() {
		return m.catalog.Unchanged(ctx, mark)
	}
	return m.store.Unchanged(ctx, id, mark)
}

// snapshot copies the tenant's file, or with the zero ID the global database, to the new file at
// path in DIR/work, where one that does not become whole is removed with the rest.
func (m *Manager[S]) snapshot(ctx context.Context, id tenantdb.ID, path string, o tenantdb.SnapshotOptions) (copied tenantdb.Manifest, err error) {
	if id.IsZero() {
		return m.catalog.Snapshot(ctx, path, o)
	}
	m.files.Before("create", path)
	out, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return copied, err
	}
	copied, err = m.store.SnapshotTo(ctx, id, out, o)
	return copied, errors.Join(err, out.Close())
}

// taken returns when the copy's state was the tenant's.
func (b Backup) taken() time.Time { return b.Database.Taken }
