package many

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// later are three small migrations behind the reference application's: a column, an index
// and a table. Its program can live with them, so that it sums up tenants that have them.
var later = []struct{ name, text string }{
	{"00009_module_owner.sql", "-- silo: compatible-with 8\n-- +goose Up\nALTER TABLE modules ADD COLUMN owner TEXT NOT NULL DEFAULT '';\n-- +goose Down\nALTER TABLE modules DROP COLUMN owner;\n"},
	{"00010_config_by_value.sql", "-- silo: compatible-with 8\n-- +goose Up\nCREATE INDEX config_by_value ON config (value);\n-- +goose Down\nDROP INDEX config_by_value;\n"},
	{"00011_notes.sql", "-- silo: compatible-with 8\n-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);\n-- +goose Down\nDROP TABLE notes;\n"},
}

// head is the number of the last of them all.
const head = 11

// writeSchema writes all migrations into a folder.
func writeSchema(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	names, err := fs.Glob(schema.Tenant, "tenant/*.sql")
	for _, name := range names {
		text, readErr := schema.Tenant.ReadFile(name)
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(folder, filepath.Base(name)), text, 0o600))
	}
	for _, m := range later {
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, m.name), []byte(m.text), 0o600))
	}
	return err
}

// populate makes a new data folder with so many tenants of the reference application, of so many rows
// of some 250 bytes each, and closes it.
func populate(ctx context.Context, path string, tenants, rows int) (err error) {
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: path})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		return err
	}
	cat, err := catalog.Open(ctx, dir)
	if err != nil {
		return err
	}
	var making errgroup.Group
	making.SetLimit(fleets.Workers)
	for i := range tenants {
		making.Go(func() error { return populateOne(ctx, store, cat, fmt.Sprintf("tenant-%06d", i+1), rows) })
	}
	return making.Wait()
}

func populateOne(ctx context.Context, store *tenant.Store, cat *catalog.Catalog, name string, rows int) error {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		return err
	}
	if err := store.Create(ctx, id); err != nil {
		return err
	}
	if _, err := cat.Register(ctx, catalog.Registration{ID: id}); err != nil {
		return err
	}
	return store.Visit(ctx, id, func(ctx context.Context, db *tenant.DB) error { return fill(ctx, db, rows) })
}

func fill(ctx context.Context, db *tenant.DB, rows int) error {
	detail := `"` + strings.Repeat("0123456789", 20) + `"`
	return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
		for i := range rows {
			entry := tenant.InsertAuditEntryParams{Actor: "bench", Event: "changed", SubjectKind: "module", SubjectID: fmt.Sprint(i), Detail: &detail}
			if err := q.InsertAuditEntry(ctx, entry); err != nil {
				return err
			}
		}
		return nil
	})
}

// copyFolder puts a copy of a data folder that nobody has open in the place of another one, on the disk.
func copyFolder(to, from string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	err := os.CopyFS(to, os.DirFS(from))
	unix.Sync()
	return err
}

// files returns the tenants' files in a data folder.
func files(path string) ([]string, error) {
	return filepath.Glob(filepath.Join(path, "tenants", "*.db"))
}

// world is an open data folder of which the tenants are those of the reference application, with the
// migrations of a folder.
type world struct {
	dir     *tenantdb.Dir
	store   *tenantdb.Store[tenantdb.RuntimeSchema]
	catalog *catalog.Catalog
}

func open(ctx context.Context, path, migrations string) (_ *world, err error) {
	w := &world{}
	if w.dir, err = tenantdb.Open(ctx, tenantdb.Options{Path: path, Migrate: tenantdb.MigrateVerify}); err != nil {
		return nil, err
	}
	if w.store, err = tenantdb.OpenRuntimeStore(ctx, w.dir, "tenant", os.DirFS(migrations)); err == nil {
		w.catalog, err = catalog.Open(ctx, w.dir)
	}
	if err != nil {
		return nil, errors.Join(err, w.dir.Close())
	}
	return w, nil
}

func (w *world) close() error { return w.dir.Close() }
