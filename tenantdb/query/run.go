package query

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// One runs st and returns its first row; without one the error is
// [database/sql.ErrNoRows]. Further rows are passed over. A statement that writes
// runs to its end before One returns.
//
// When ctx ends before the statement has, the statement is stopped and what it
// wrote is undone; a commit that has begun is not.
func One[T any](ctx context.Context, b Binding, st *Statement, scan func(*Row, *T), args ...Value) (T, error) {
	var out T
	found := false
	_, err := b.run(ctx, st, args, func(row *Row) bool {
		if !found {
			scan(row, &out)
		}
		found = true
		return st.access == Writes // a write is run to its end
	})
	if err == nil && !found {
		err = st.errNoRows()
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}

// Many runs st and returns all rows; without any it returns nil. Of its context
// see [One].
func Many[T any](ctx context.Context, b Binding, st *Statement, scan func(*Row, *T), args ...Value) ([]T, error) {
	var out []T
	_, err := b.run(ctx, st, args, func(row *Row) bool {
		out = append(out, *new(T))
		scan(row, &out[len(out)-1])
		return true
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Exec runs st to its end. Of its context see [One].
func Exec(ctx context.Context, b Binding, st *Statement, args ...Value) error {
	_, err := b.run(ctx, st, args, skip)
	return err
}

// ExecRows runs st to its end and returns how many rows it inserted, updated or
// deleted, not counting what triggers and cascades did. Of its context see [One].
func ExecRows(ctx context.Context, b Binding, st *Statement, args ...Value) (int64, error) {
	return b.run(ctx, st, args, skip)
}

func skip(*Row) bool { return true }

// errAbandoned is how a statement ended whose scan function panicked.
var errAbandoned = errors.New("query: abandoned by a panic")

// acquire lends a connection for one run of st.
func (b Binding) acquire(ctx context.Context, st *Statement) (Session, error) {
	if b.source == nil {
		return nil, st.fail(ErrNoHandle)
	}
	session, err := b.source.Acquire(ctx, st)
	if err != nil {
		return nil, st.fail(err)
	}
	return session, nil
}

// run runs st on a connection of the binding, calls each for its rows while each
// returns true, and returns how many rows it changed.
func (b Binding) run(ctx context.Context, st *Statement, args []Value, each func(*Row) bool) (changed int64, err error) {
	session, err := b.acquire(ctx, st)
	if err != nil {
		return 0, err
	}
	err = errAbandoned
	defer func() { err = st.fail(session.End(err)) }()
	changed, err = st.step(session.Conn(), args, new(Row), each)
	return changed, err
}

// lend has use work on a connection of the binding, in the place of a run of st.
func (b Binding) lend(ctx context.Context, st *Statement, use func(*sqlite.Conn) error) (err error) {
	session, err := b.acquire(ctx, st)
	if err != nil {
		return err
	}
	err = errAbandoned
	defer func() { err = st.fail(session.End(err)) }()
	err = use(session.Conn())
	return err
}

// step runs s once, calls each with row for its rows while each returns true, and
// returns how many rows it changed. A row without an error may be used again.
func (s *Statement) step(conn *sqlite.Conn, args []Value, row *Row, each func(*Row) bool) (changed int64, err error) {
	stmt, err := conn.Cached(s.sql)
	if err != nil {
		return 0, err
	}
	defer stmt.Reset()
	if err := bind(stmt, args); err != nil {
		return 0, err
	}
	row.stmt = stmt
	for more := true; more; {
		found, err := stmt.Step()
		if err != nil {
			return 0, err
		}
		if !found {
			break
		}
		if more = each(row); row.err != nil {
			return 0, row.err
		}
	}
	if s.access != Writes {
		return 0, nil // SQLite would count for the statement before
	}
	return conn.Changes(), nil
}
