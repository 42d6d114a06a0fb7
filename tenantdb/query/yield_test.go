package query_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// turnedOut is a database on which the first calls are stopped for a write.
type turnedOut struct {
	*database
	left int
}

func (d *turnedOut) Acquire(ctx context.Context, st *query.Statement) (query.Session, error) {
	session, err := d.database.Acquire(ctx, st)
	return stopped{session, d}, err
}

type stopped struct {
	query.Session
	by *turnedOut
}

func (s stopped) End(err error) error {
	if err = s.Session.End(err); err == nil && s.by.left > 0 {
		s.by.left--
		err = fmt.Errorf("stopped: %w", sqlite.ErrYield)
	}
	return err
}

func TestAReadThatIsTurnedOutBeginsAnewAsOftenAsThat(t *testing.T) {
	number := func(row *query.Row, n *int64) { *n = row.Int(0) }
	st := query.Read("Number", "yield.sql", "SELECT 7")
	for name, call := range map[string]func(query.Binding) (int64, error){
		"One": func(b query.Binding) (int64, error) { return query.One(t.Context(), b, st, number) },
		"Many": func(b query.Binding) (int64, error) {
			all, err := query.Many(t.Context(), b, st, number)
			return append(all, 0)[0], err
		},
		"ExecRows": func(b query.Binding) (int64, error) {
			_, err := query.ExecRows(t.Context(), b, st)
			return 7, err
		},
	} {
		db, _ := open(t)
		source := &turnedOut{db, 3}
		if n, err := call(query.Bind(source)); err != nil || n != 7 || source.left != 0 {
			t.Errorf("%s: %d, %v, %d times left", name, n, err, source.left)
		}
	}
}
