package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Backup is one backup of a tenant. Its encoding as JSON is stable, and is what is kept
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

// beforeRestore is the Reason of a backup that Restore has taken.
const beforeRestore = "before a restore"

// names of the two objects of a backup.
func databaseName(id tenantdb.ID, sequence int64) string {
	return fmt.Sprintf("%s/%012d.db", id, sequence)
}

func manifestName(id tenantdb.ID, sequence int64) string {
	return fmt.Sprintf("%s/%012d.json", id, sequence)
}

// BackupOptions say how a backup is taken. The zero value means the defaults.
type BackupOptions struct {
	// Unchanged says what is done about a tenant to which nothing was written since its last
	// backup. Defaults to SkipUnchanged.
	Unchanged Unchanged

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

// BackedUp is what Backup has done.
type BackedUp struct {
	Backup  Backup
	Skipped bool // nothing was written since, so Backup is an earlier one
}

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
		if done, err = m.backup(ctx, id, o); err != nil || done.Skipped {
			return err
		}
		b := done.Backup
		m.note(ctx, OpBackup, id, ResultOK, detail{"sequence": b.Sequence, "sha256": b.Database.SHA256, "bytes": b.Database.Size})
		m.noteSeen(ctx, b.Database)
		return nil
	})
	return done, err
}

// noteSeen notes in the catalog what a copy of the tenant's file was found to be.
func (m *Manager[S]) noteSeen(ctx context.Context, of tenantdb.Manifest) {
	// What is noted there is for people; that it could not be is no failure of a backup.
	_ = m.catalog.NoteSeen(ctx, of.Tenant, catalog.Seen{SchemaVersion: of.SchemaVersion, SizeBytes: of.Size})
}

// backup takes a backup. The tenant's lock is held.
func (m *Manager[S]) backup(ctx context.Context, id tenantdb.ID, o BackupOptions) (BackedUp, error) {
	have, err := m.objects(ctx, id)
	if err != nil {
		return BackedUp{}, err
	}
	if o.Unchanged == SkipUnchanged && have.last() > 0 {
		last, err := m.manifest(ctx, id, have.last())
		if err == nil {
			same, err := m.store.Unchanged(ctx, id, last.Database.Mark)
			if err != nil {
				return BackedUp{}, err
			}
			if same && have.databases[last.Sequence] == last.Database.Size {
				return BackedUp{Backup: last, Skipped: true}, nil
			}
		}
	}
	if err := m.removeHalves(ctx, id, have); err != nil {
		return BackedUp{}, err
	}
	b := Backup{Format: 1, Sequence: have.highest + 1}
	return BackedUp{Backup: b}, m.working(id, func(folder string) (err error) {
		path := filepath.Join(folder, copyName)
		m.step("snapshot")
		if b.Database, err = m.store.Snapshot(ctx, id, path, o.Snapshot); err != nil {
			return err
		}
		err = m.put(ctx, &b, folder, path)
		return err
	})
}

// put stores a backup, under the next number that is free: there may be others who use the
// same Target for a tenant of that ID.
func (m *Manager[S]) put(ctx context.Context, b *Backup, folder, path string) error {
	id, target := b.Database.Tenant, m.options.Backups
	for {
		m.step("put the database")
		err := target.Put(ctx, databaseName(id, b.Sequence), File{Path: path, Size: b.Database.Size, SHA256: b.Database.SHA256})
		if errors.Is(err, fs.ErrExist) {
			b.Sequence++
			continue
		}
		if err == nil {
			m.step("put the manifest")
			err = m.putManifest(ctx, *b, folder)
		}
		if err != nil {
			cleaning, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWait)
			defer cancel()
			return errors.Join(err, target.Remove(cleaning, databaseName(id, b.Sequence)))
		}
		return nil
	}
}

func (m *Manager[S]) putManifest(ctx context.Context, b Backup, folder string) error {
	encoded, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "manifest.json")
	file, err := writeFile(path, append(encoded, '\n'))
	if err != nil {
		return err
	}
	return m.options.Backups.Put(ctx, manifestName(b.Database.Tenant, b.Sequence), file)
}

// writeFile writes a new file, sees to it that it is on the disk, and says what it is.
func writeFile(path string, content []byte) (File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return File{}, err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return File{Path: path, Size: int64(len(content)), SHA256: sumOf(content)}, errors.Join(err, f.Close())
}

// taken returns when the copy's state was the tenant's.
func (b Backup) taken() time.Time { return b.Database.Taken }
