package tenantdb

import (
	"context"
	"errors"
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
	if _, err := os.Lstat(path); err == nil {
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
		if removeErr := durable.Remove(building, building+"-wal", building+"-shm"); err == nil {
			err = removeErr
		}
	}()
	// SQLite opens it next; a descriptor of ours must not be closed after that.
	if err := temp.Close(); err != nil {
		return err
	}
	if err := d.build(ctx, a, building); err != nil {
		return err
	}
	return durable.Publish(building, path)
}

// build makes the empty file at path a migrated one of a's schema.
func (d *Dir) build(ctx context.Context, a address, path string) (err error) {
	conn, err := d.connect(ctx, path, migrateWait, sqlite.Config{Mode: sqlite.Create, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return err
	}
	// Closing the only connection moves the log into the file and removes it.
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, migrateWait)
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := writeIdentity(conn, a.def); err != nil {
		return err
	}
	if _, err := a.def.set.Apply(ctx, conn); err != nil {
		return err
	}
	return conn.Exec("COMMIT")
}
