package contend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	benchschema "github.com/silokit/silo/bench/schema"
	"github.com/silokit/silo/schema"
)

// migrations returns a schema's goose migrations.
func migrations(of Schema) (fs.FS, error) {
	if of == Fleet {
		return fs.Sub(benchschema.Fleet, "fleet")
	}
	return fs.Sub(schema.Tenant, "tenant")
}

// migrateOneByOne makes a database as people do with goose: each migration in a transaction
// of its own, on database/sql.
func migrateOneByOne(ctx context.Context, of Schema, path string) (err error) {
	db, err := sql.Open("sqlite", stockName(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	folder, err := migrations(of)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// makeTemplate makes the file that all tenants but Silo's are copies of, if it is not there
// yet, and returns where it is.
func makeTemplate(ctx context.Context, options Options) (path string, err error) {
	path = filepath.Join(options.Dir, fmt.Sprintf("%s-%d.db", options.Schema, options.Rows))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	building := path + ".building"
	if err := migrateOneByOne(ctx, options.Schema, building); err != nil {
		return "", err
	}
	opened, err := openPrepared(options.Schema)(building)
	if err != nil {
		return "", err
	}
	t, err := opened.View(ctx)
	if err == nil {
		err = seed(t, options.Rows)
	}
	if err := errors.Join(err, opened.Close()); err != nil {
		return "", err
	}
	return path, os.Rename(building, path)
}
