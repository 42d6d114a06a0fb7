package query_test

import (
	"context"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// database is a Source of one connection to a database in memory, which it lends
// to one call at a time.
type database struct {
	conn    *sqlite.Conn
	lent    int     // sessions that have not ended
	ended   []error // how statements ended
	refuses error   // what Acquire fails with
	commits error   // what End fails with where the statement did not
}

func (d *database) Acquire(ctx context.Context, _ *query.Statement) (query.Session, error) {
	if d.refuses != nil {
		return nil, d.refuses
	}
	d.lent++
	d.conn.Watch(ctx, 0)
	return d, nil
}

func (d *database) Conn() *sqlite.Conn { return d.conn }

func (d *database) End(err error) error {
	d.lent--
	d.ended = append(d.ended, err)
	d.conn.Unwatch()
	if err == nil {
		err = d.commits
	}
	return err
}

// open opens a database and runs SQL of the runtime's own on it. At the end of the
// test everything lent must have been given back.
func open(t testing.TB, setup ...string) (*database, query.Binding) {
	t.Helper()
	conn, err := sqlite.Open(t.Context(), ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory})
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range setup {
		if err := conn.Exec(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	d := &database{conn: conn}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil || d.lent != 0 {
			t.Errorf("%d sessions have not ended; Close: %v", d.lent, err)
		}
	})
	return d, query.Bind(d)
}

// read and write make statements of the test's own.
func read(sql string) *query.Statement  { return query.Read("Get", "q.sql:3", sql) }
func write(sql string) *query.Statement { return query.Write("Put", "q.sql:7", sql) }

func scanInt(row *query.Row, v *int64)   { *v = row.Int(0) }
func scanText(row *query.Row, v *string) { *v = row.Text(0) }
