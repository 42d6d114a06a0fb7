package tenantdb

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/registry"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// Ask runs a statement that only reads on a tenant's file, whatever the version of its
// schema and whatever the Dir's [Gate] says, and calls row with each row. A tenant that is
// open is asked where it is; any other is read on a connection of its own, which migrates
// nothing and takes no place of Options.MaxOpen. It is for package fleet: nobody else can name the
// permit.
func (st *Store[S]) Ask(ctx context.Context, _ registry.Permit, id ID, q *query.Adhoc, row func(query.Record) error) error {
	if st == nil || st.s == nil {
		return noHandle("query")
	}
	ctx, err := WithTenant(ctx, id)
	if err != nil {
		return err
	}
	var ofRow error
	err = st.s.operate(ctx, "query", id, func(a address, path string) error {
		return a.dir.ask(ctx, a, path, q, func(r query.Record) error {
			ofRow = row(r)
			return ofRow
		})
	})
	if ofRow != nil {
		return ofRow
	}
	return err
}

func (d *Dir) ask(ctx context.Context, a address, path string, q *query.Adhoc, row func(query.Record) error) error {
	if d.takeIfOpen(&a) {
		defer d.tenants.DiscardUnwanted(a.tenant) // it may be opened anew here
		rows, whole, err := q.Collect(ctx, query.Bind(&a))
		switch {
		case errors.Is(err, ErrTenantGone) || errors.Is(err, ErrSchemaBehind):
			// It was closed in between, and is another file now, or one that nobody migrates.
		case err != nil:
			return err
		case !whole:
			return a.read(ctx, func(ctx context.Context, t *transaction) error { return q.Each(ctx, t.binding(), row) })
		default:
			for _, r := range rows {
				if err := row(r); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return d.withConn(ctx, a, path, sqlite.Config{Schemas: d.schemasOf(a.def)}, func(conn *sqlite.Conn) error {
		return q.Each(ctx, query.Bind(&glance{dir: d, conn: conn}), row)
	})
}

// takeIfOpen reports whether the tenant is open, and has the address be that of its file.
func (d *Dir) takeIfOpen(a *address) bool {
	held, open := d.tenants.Lease(a.tenant)
	if !open {
		return false
	}
	defer held.Release()
	db := held.Value()
	if db.address.def.name != a.def.name || !db.inPlace() {
		return false
	}
	a.def, a.incarnation, a.use = db.address.def, db.incarnation, passingBy
	return true
}

// glance is a connection that one statement is run on.
type glance struct {
	dir  *Dir
	conn *sqlite.Conn
}

// Acquire lends the connection.
func (g *glance) Acquire(ctx context.Context, _ *query.Statement) (query.Session, error) {
	g.conn.Watch(ctx, g.dir.options.Wait)
	return g, nil
}

// Conn returns the connection.
func (g *glance) Conn() *sqlite.Conn { return g.conn }

// End ends its use.
func (g *glance) End(err error) error {
	g.conn.Unwatch()
	return err
}
