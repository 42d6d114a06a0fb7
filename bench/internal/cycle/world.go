package cycle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// creation is a new tenant of the reference application.
type creation = lifecycle.Creation[tenant.Schema]

// world is a data folder with the tenants of the reference application, and what operates
// on them.
type world struct {
	path    string
	dir     *tenantdb.Dir
	store   *tenant.Store
	catalog *catalog.Catalog
	manager *lifecycle.Manager[tenant.Schema]

	mu   sync.Mutex // guards ids and made while tenants are created by several at once
	ids  []tenantdb.ID
	made int // numbers the tenants; some of them are gone
}

// open opens the folder at path, a new one or one that a world was closed on.
func open(ctx context.Context, path string, options lifecycle.Options) (_ *world, err error) {
	w := &world{path: path}
	if w.dir, err = tenantdb.Open(ctx, tenantdb.Options{Path: path}); err != nil {
		return nil, err
	}
	if w.store, err = tenant.Open(ctx, w.dir); err == nil {
		if w.catalog, err = catalog.Open(ctx, w.dir); err == nil {
			w.manager, err = lifecycle.New(w.store, w.catalog, options)
		}
	}
	if err == nil {
		w.ids, err = w.store.Tenants(ctx)
		w.made = len(w.ids)
	}
	if err != nil {
		return nil, errors.Join(err, w.dir.Close())
	}
	return w, nil
}

func (w *world) close() error { return w.dir.Close() }

// next returns an ID that no tenant has.
func (w *world) next() (tenantdb.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made++
	return tenantdb.ParseID(fmt.Sprintf("tenant-%06d", w.made))
}

// create makes a tenant with so many rows, of some 250 bytes each.
func (w *world) create(ctx context.Context, rows int) (tenantdb.ID, error) {
	id, err := w.next()
	if err != nil {
		return id, err
	}
	c := creation{ID: id}
	if rows > 0 {
		c.Seed = func(ctx context.Context, db *tenant.DB) error { return fill(ctx, db, rows) }
	}
	_, err = w.manager.Create(ctx, c)
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ids = append(w.ids, id)
	}
	return id, err
}

func fill(ctx context.Context, db *tenant.DB, rows int) error {
	value := strings.Repeat("0123456789", 20)
	return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
		for i := range rows {
			if err := q.SetConfig(ctx, tenant.SetConfigParams{Key: fmt.Sprintf("bench.%d", i), Value: value}); err != nil {
				return err
			}
		}
		return nil
	})
}

// use returns a tenant's handle, and the context that it is used with.
func (w *world) use(ctx context.Context, id tenantdb.ID) (context.Context, *tenant.DB, error) {
	ctx, err := tenantdb.WithTenant(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	db, err := w.store.Resolve(ctx)
	return ctx, db, err
}

// read reads something of a tenant, which is open then.
func (w *world) read(ctx context.Context, id tenantdb.ID) error {
	ctx, db, err := w.use(ctx, id)
	if err != nil {
		return err
	}
	_, err = tenant.New(db).CountAuditLog(ctx)
	return err
}

// file returns where a tenant's file is.
func (w *world) file(id tenantdb.ID) string {
	return filepath.Join(w.path, "tenants", id.String()+".db")
}

func (w *world) files() (paths []string) {
	for _, id := range w.ids {
		paths = append(paths, w.file(id))
	}
	return paths
}

// populate opens a new folder with so many tenants of so many rows, all that was written in
// their files and not in their logs, and all of them open, as they are in a service.
func populate(ctx context.Context, path string, tenants, rows int) (_ *world, err error) {
	w, err := open(ctx, path, lifecycle.Options{})
	if err != nil {
		return nil, err
	}
	for range tenants {
		if _, err = w.create(ctx, rows); err != nil {
			break
		}
	}
	if err = errors.Join(err, w.close()); err != nil {
		return nil, err
	}
	if w, err = open(ctx, path, lifecycle.Options{}); err != nil {
		return nil, err
	}
	for _, id := range w.ids {
		if err := w.read(ctx, id); err != nil {
			return nil, errors.Join(err, w.close())
		}
	}
	return w, nil
}

// size returns how many bytes the files of the tenants have, on average.
func (w *world) size() (int64, error) {
	var sum int64
	for _, path := range w.files() {
		info, err := os.Stat(path) // not opened: that would drop SQLite's locks
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum / int64(max(len(w.ids), 1)), nil
}
