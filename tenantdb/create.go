package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// create makes the file of a: built and migrated beside, then given its name in
// one step. Whatever happens on the way, the file is absent or whole. If it exists
// the error is fs.ErrExist.
func (d *Dir) create(ctx context.Context, a address) error {
	path := d.path(a)
	if d.closing.Load() {
		return ErrClosed
	}
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	if _, err := os.Lstat(path); err == nil && !d.isGone(ctx, path) {
		return fs.ErrExist // do not make calls that use the tenant wait
	}
	return d.cache(a).Evict(ctx, a.tenant, func() error { return d.createFile(ctx, a, path) })
}

func (d *Dir) createFile(ctx context.Context, a address, path string) (err error) {
	folder := filepath.Dir(path)
	if err := durable.MakeDir(folder); err != nil {
		return err
	}
	temp, err := os.CreateTemp(folder, buildPrefix+filepath.Base(path)+buildSuffix+".*")
	if err != nil {
		return err
	}
	building := temp.Name()
	defer func() {
		if err != nil { // else it has another name
			err = errors.Join(err, durable.Remove(append(beside(building), building)...))
		}
	}()
	// SQLite opens it next; a descriptor of ours must not be closed after that.
	if err := temp.Close(); err != nil {
		return err
	}
	if err := d.build(ctx, a, building); err != nil {
		return err
	}
	if _, err := os.Lstat(building + "-wal"); err == nil {
		return fmt.Errorf("%w: a log was left beside the new file", ErrIO)
	}
	return d.withNames(ctx, func() error {
		if d.isGone(ctx, path) {
			// A Delete was interrupted after its mark.
			if err := removeFiles(path); err != nil {
				return err
			}
		}
		if _, err := os.Lstat(path); err == nil {
			return fs.ErrExist
		}
		// A log that another file of this name has left would be taken for the new
		// one's.
		if err := durable.Remove(beside(path)...); err != nil {
			return err
		}
		return durable.Publish(building, path)
	})
}

// build makes the empty file at path a migrated one of a's schema. When it returns nil
// all of it is in that one file.
func (d *Dir) build(ctx context.Context, a address, path string) (err error) {
	conn, err := d.connect(ctx, path, migrateWait, sqlite.Config{Mode: sqlite.Create, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, migrateWait)
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := writeIdentity(conn, a); err != nil {
		return err
	}
	if _, err := a.def.set.Apply(ctx, conn); err != nil {
		return err
	}
	if err := conn.Exec("COMMIT"); err != nil {
		return err
	}
	// A mark in the file's header, which every later opening finds.
	return conn.Exec("PRAGMA journal_mode=wal")
}
