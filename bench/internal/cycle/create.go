package cycle

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/pressly/goose/v3"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// atOnce is how many create tenants at once, in the row that says so.
const atOnce = 4

// Create measures the creation of tenants, one after the other and some at once. What is made
// stays until Clear.
func (s Setting) Create(ctx context.Context) (table operate.Table, err error) {
	w, err := open(ctx, s.left("create"), lifecycle.Options{})
	if err != nil {
		return table, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	table = operate.Table{ID: "create", Order: []string{Silo, Store, Goose, GooseAs}}
	gooseIn, err := newGoose(s.left("goose"))
	if err != nil {
		return table, err
	}
	var makes = []struct {
		name string
		make func() error
	}{
		{Silo, func() error { _, err := w.create(ctx, 0); return err }},
		{Store, func() error {
			id, err := w.next()
			if err != nil {
				return err
			}
			return w.store.Create(ctx, id)
		}},
		{Goose, func() error { return gooseIn.make(ctx, "_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)") }},
		{GooseAs, func() error { return gooseIn.make(ctx, "") }},
	}
	var single, several []measure.Task
	for _, m := range makes {
		single = append(single, timed(m.name, nil, func(n int) error {
			for range n {
				if err := m.make(); err != nil {
					return err
				}
			}
			return nil
		}))
		several = append(several, timed(m.name, nil, func(n int) error { return together(n, m.make) }))
	}
	if err := s.Compare(&table, "one", "create a tenant, one after the other", 100, single...); err != nil {
		return table, err
	}
	return table, s.Compare(&table, "four", fmt.Sprintf("create a tenant, %d at once", atOnce), 200, several...)
}

// together calls f n times, by some goroutines.
func together(n int, f func() error) error {
	var left atomic.Int64
	left.Store(int64(n))
	errs := make([]error, atOnce)
	var workers sync.WaitGroup
	for i := range errs {
		workers.Go(func() {
			for errs[i] == nil && left.Add(-1) >= 0 {
				errs[i] = f()
			}
		})
	}
	workers.Wait()
	return errors.Join(errs...)
}

// byGoose are files that goose's provider migrates from zero, as its documentation has it.
type byGoose struct {
	folder     string
	migrations fs.FS
	made       atomic.Int64
}

func newGoose(folder string) (*byGoose, error) {
	migrations, err := fs.Sub(schema.Tenant, "tenant")
	if err != nil {
		return nil, err
	}
	return &byGoose{folder: folder, migrations: migrations}, os.MkdirAll(folder, 0o700)
}

// make makes a new file with the settings given, and puts it on the disk.
func (g *byGoose) make(ctx context.Context, settings string) error {
	path := filepath.Join(g.folder, fmt.Sprintf("%06d.db", g.made.Add(1)))
	db, err := sql.Open("sqlite", "file:"+path+"?"+settings)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, g.migrations, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = provider.Up(ctx)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return syncAll(ctx, g.folder, path)
}
