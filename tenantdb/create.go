package tenantdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// create makes the file of a: built beside, a copy of its schema's template if there is
// one and else by migrating, then given its name in one step. Whatever happens on the way,
// the file is absent or whole. If it exists the error is fs.ErrExist.
func (d *Dir) create(ctx context.Context, a address) error {
	path := d.path(a)
	if d.closing.Load() {
		return ErrClosed
	}
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	if exists, err := d.exists(ctx, path); exists || err != nil {
		return cmp.Or(err, fs.ErrExist) // do not make calls that use the tenant wait
	}
	select { // few at once: see atOnce
	case d.creating <- struct{}{}:
	case <-ctx.Done():
		return sqlite.Ended(ctx)
	}
	defer func() { <-d.creating }()
	return d.cache(a).Evict(ctx, a.tenant, func() error { return d.createFile(ctx, a, path) })
}

// exists reports whether there is a file at path that is not marked as deleted. It looks
// into the file, by a connection: within withNames, for while names change a connection
// could be to one file, and to the log and the shared memory of another of its name.
func (d *Dir) exists(ctx context.Context, path string) (exists bool, err error) {
	if _, err := os.Lstat(path); err == nil { // what else is wrong the creation tells
		err = d.withNames(ctx, func() error {
			exists = d.stateOf(ctx, path) == present
			return nil
		})
		return exists, err
	}
	return false, nil
}

// createFile makes the file beside, puts it on the disk and gives it its name.
func (d *Dir) createFile(ctx context.Context, a address, path string) (err error) {
	folder := filepath.Dir(path)
	if err := durable.MakeDir(folder); err != nil {
		return err
	}
	building, err := d.build(ctx, a, path)
	defer func() {
		if err != nil && building != "" { // else it has another name
			err = errors.Join(err, d.files.Remove(append(beside(building), building)...))
		}
	}()
	if err != nil {
		return err
	}
	if err := d.files.Sync(building); err != nil {
		return err
	}
	return d.withNames(ctx, func() error { return d.nameFile(ctx, a, building, path) })
}

// nameFile gives the finished file its name, if that is free. The caller is within
// withNames.
func (d *Dir) nameFile(ctx context.Context, a address, building, path string) error {
	at, err := d.finish(ctx, a, path)
	if err != nil {
		return err
	}
	if at == present {
		return fs.ErrExist
	}
	// A log that another file of this name has left would be taken for the new
	// one's. Where there is none, as nearly always, there is nothing to wait for the
	// disk for: whoever removed one has done so within withNames.
	for _, left := range beside(path) {
		if _, err := os.Lstat(left); !errors.Is(err, fs.ErrNotExist) {
			if err := d.files.Remove(beside(path)...); err != nil {
				return err
			}
			break
		}
	}
	return d.files.Name(building, path)
}

// build makes a whole and migrated file of a's schema beside path, and returns its name.
// It has one also with most errors, and is then to be removed.
func (d *Dir) build(ctx context.Context, a address, path string) (building string, err error) {
	template, image, err := d.template(ctx, a)
	if err != nil {
		return "", err
	}
	temp, err := reserve(path)
	if err != nil {
		return "", err
	}
	building = temp.Name()
	if image != nil {
		err = template.print(ctx, temp, image, a)
		return building, errors.Join(err, temp.Close())
	}
	// SQLite opens it next; a descriptor of ours must not be closed after that.
	if err := temp.Close(); err != nil {
		return building, err
	}
	return building, d.buildByMigrating(ctx, a, building)
}

// buildByMigrating makes the empty file at path a migrated one of a's schema. When it
// returns nil all of it is in that one file.
func (d *Dir) buildByMigrating(ctx context.Context, a address, path string) error {
	if err := d.migrateNew(ctx, a, path); err != nil {
		return err
	}
	if _, err := os.Lstat(path + "-wal"); err == nil {
		return fmt.Errorf("%w: a log was left beside the new file", ErrIO)
	}
	return nil
}

func (d *Dir) migrateNew(ctx context.Context, a address, path string) (err error) {
	conn, err := d.connect(ctx, path, migrateWait, sqlite.Config{Mode: sqlite.Create, Policy: a.def.set.Policy(), ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, migrateWait)
	if err := fill(ctx, conn, a); err != nil {
		return err
	}
	// A mark in the file's header, which every later opening finds.
	return conn.Exec("PRAGMA journal_mode=wal")
}

// fill makes the empty database of conn a migrated one of a's schema, in one transaction.
func fill(ctx context.Context, conn *sqlite.Conn, a address) error {
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := writeIdentity(conn, a); err != nil {
		return err
	}
	if _, err := a.def.set.Apply(ctx, conn); err != nil {
		return err
	}
	return conn.Exec("COMMIT")
}
