package many

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// question is asked of all tenants.
const question = "SELECT count(*) FROM audit_log"

// Ask measures one question to all tenants of a folder: of which all are open, as in a service,
// and of which none is.
func (s Setting) Ask(ctx context.Context) (table operate.Table, err error) {
	table = operate.Table{ID: "ask", Order: []string{Silo, Each, ByHand, Opening, RolledUp}}
	if err := s.askOpen(ctx, &table); err != nil {
		return table, err
	}
	return table, s.askCold(ctx, &table)
}

func (s Setting) askOpen(ctx context.Context, table *operate.Table) (err error) {
	path := filepath.Join(s.Dir, "open")
	defer func() { err = errors.Join(err, os.RemoveAll(path)) }()
	w, err := s.asked(ctx, path, s.Open)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.openAll(ctx); err != nil {
		return err
	}
	handles, err := w.byHand()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll(handles)) }()
	return s.Compare(table, "open", fmt.Sprintf("count the rows of %d open tenants", s.Open), 40,
		measure.Pass(Silo, 1, nil, func() error { return w.query(ctx, s.Open) }),
		measure.Pass(Each, 1, nil, func() error { return w.each(ctx, count) }),
		measure.Pass(ByHand, 1, nil, func() error {
			for _, db := range handles {
				var n int
				if err := db.QueryRowContext(ctx, question).Scan(&n); err != nil {
					return err
				}
			}
			return nil
		}),
		measure.Pass(RolledUp, 1, nil, func() error { return w.rolledUp(ctx, s.Open, s.Rows) }),
	)
}

func (s Setting) askCold(ctx context.Context, table *operate.Table) (err error) {
	path := filepath.Join(s.Dir, "cold")
	defer func() { err = errors.Join(err, os.RemoveAll(path)) }()
	w, err := s.asked(ctx, path, s.Cold)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	return s.Compare(table, "cold", fmt.Sprintf("count the rows of %d tenants that are not open", s.Cold), 1,
		measure.Pass(Silo, 1, nil, func() error { return w.query(ctx, s.Cold) }),
		measure.Pass(Each, 1, nil, func() error { return w.each(ctx, count) }),
		measure.Pass(Opening, 1, nil, func() error {
			return w.each(ctx, func(context.Context, *tenant.DB) error { return nil })
		}),
		measure.Pass(RolledUp, 1, nil, func() error { return w.rolledUp(ctx, s.Cold, s.Rows) }),
	)
}

// asked returns a service over so many new tenants, which have been summed up.
func (s Setting) asked(ctx context.Context, path string, tenants int) (*service, error) {
	if err := populate(ctx, path, tenants, s.Rows); err != nil {
		return nil, err
	}
	w, err := serve(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := w.rollUp(ctx, fleet.Options{}); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// openAll has all tenants open.
func (w *service) openAll(ctx context.Context) error {
	ids, err := w.store.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		of, err := tenantdb.WithTenant(ctx, id)
		if err != nil {
			return err
		}
		if _, err := w.store.Resolve(of); err != nil {
			return err
		}
	}
	return nil
}

// query asks the question by fleet.Query, and holds that so many have answered.
func (w *service) query(ctx context.Context, tenants int) error {
	answers := 0
	for row, err := range fleet.Query(ctx, w.store, fleet.Options{}, question) {
		if err != nil {
			return err
		}
		if _, ok := row.Values[0].(int64); ok {
			answers++
		}
	}
	if answers != tenants {
		return fmt.Errorf("%d tenants have answered, of %d", answers, tenants)
	}
	return nil
}

func (w *service) each(ctx context.Context, f func(context.Context, *tenant.DB) error) error {
	return fleet.Each(ctx, w.store, fleet.Options{}, f)
}

func count(ctx context.Context, db *tenant.DB) error {
	_, err := tenant.New(db).CountAuditLog(ctx)
	return err
}

// byHand opens all files by database/sql, each with one connection that has been used.
func (w *service) byHand() (handles []*sql.DB, err error) {
	paths, err := files(w.path)
	for _, path := range paths {
		var db *sql.DB
		if err == nil {
			db, err = sql.Open("sqlite", "file:"+path+"?mode=ro")
		}
		if err == nil {
			db.SetMaxOpenConns(1)
			handles = append(handles, db)
			err = db.Ping()
		}
	}
	if err != nil {
		return nil, errors.Join(err, closeAll(handles))
	}
	return handles, nil
}

func closeAll(handles []*sql.DB) error {
	var errs []error
	for _, db := range handles {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}
