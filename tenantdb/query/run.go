package query

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// One runs st and returns its first row; without one the error is
// [database/sql.ErrNoRows]. Further rows are passed over. A statement that writes
// runs to its end before One returns.
//
// When ctx ends before the statement has, the statement is stopped and what it
// wrote is undone; a commit that has begun is not.
func One[T any](ctx context.Context, b Binding, st *Statement, scan func(*Row, *T), args ...Value) (T, error) {
	out, err := one(ctx, b, st, scan, args)
	for yielded(err) {
		out, err = one(ctx, b, st, scan, args)
	}
	return out, err
}

func one[T any](ctx context.Context, b Binding, st *Statement, scan func(*Row, *T), args []Value) (T, error) {
	var none T
	r := b.start(ctx, st, args)
	defer r.abandon()
	if !r.next() {
		if err := r.end(); err != nil {
			return none, err
		}
		return none, st.errNoRows()
	}
	out := new(T)
	scan(r.row, out)
	if st.access == Writes {
		for r.next() {
		}
	}
	if err := r.end(); err != nil {
		return none, err
	}
	return *out, nil
}

// yielded reports whether a statement that reads was stopped for a write, on a connection
// that it had only because nobody else wanted it. It runs once more then, on one of its
// own, unless the tenant has been closed and opened in between: nothing of it is seen
// before it has come to its end.
func yielded(err error) bool { return err != nil && errors.Is(err, sqlite.ErrYield) }

// Many runs st and returns all rows; without any it returns nil. Of its context
// see [One].
func Many[T any](ctx context.Context, b Binding, st *Statement, scan func(*Row, *T), args ...Value) ([]T, error) {
	out, err := many(ctx, b, st, scan, args)
	for yielded(err) {
		out, err = many(ctx, b, st, scan, args)
	}
	return out, err
}

func many[T any](ctx context.Context, b Binding, st *Statement, scan func(*Row, *T), args []Value) ([]T, error) {
	var out []T
	r := b.start(ctx, st, args)
	defer r.abandon()
	for r.next() {
		if len(out) == cap(out) {
			out = append(make([]T, 0, max(firstRows, 2*len(out))), out...)
		}
		out = out[:len(out)+1]
		scan(r.row, &out[len(out)-1])
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	return out, nil
}

// firstRows is for how many rows Many makes room at first. It then doubles, for append
// would copy large results more often.
const firstRows = 4

// Exec runs st to its end. Of its context see [One].
func Exec(ctx context.Context, b Binding, st *Statement, args ...Value) error {
	_, err := ExecRows(ctx, b, st, args...)
	return err
}

// ExecRows runs st to its end and returns how many rows it inserted, updated or
// deleted, not counting what triggers and cascades did. Of its context see [One].
func ExecRows(ctx context.Context, b Binding, st *Statement, args ...Value) (int64, error) {
	changed, err := execRows(ctx, b, st, args)
	for yielded(err) {
		changed, err = execRows(ctx, b, st, args)
	}
	return changed, err
}

func execRows(ctx context.Context, b Binding, st *Statement, args []Value) (int64, error) {
	r := b.start(ctx, st, args)
	defer r.abandon()
	for r.next() {
	}
	changed := r.changes()
	if err := r.end(); err != nil {
		return 0, err
	}
	return changed, nil
}

// errNotReadOnly is returned for what was made by Read or ReadInTx, and writes.
var errNotReadOnly = fmt.Errorf("%w: the statement writes, and was made as one that reads: generate it anew", sqlite.ErrReadOnly)

// errAbandoned is how a statement ended whose scan function panicked.
var errAbandoned = errors.New("query: abandoned by a panic")

// run is one run of a statement on a connection that was lent for it. It is over with
// end, and after a panic with abandon.
type run struct {
	st      *Statement
	session Session
	conn    *sqlite.Conn
	row     *Row
	err     error
}

// lend lends a connection, on which the statement may be run by once. An error is kept
// for end to return.
func (b Binding) lend(ctx context.Context, st *Statement) run {
	r := run{st: st}
	if b.source == nil {
		r.err = ErrNoHandle
		return r
	}
	if r.session, r.err = b.source.Acquire(ctx, st); r.err != nil {
		r.session = nil
		return r
	}
	r.conn = r.session.Conn()
	return r
}

// once runs the statement to its end, and returns how many rows it changed. The
// connection is kept.
func (r *run) once(args []Value) (changed int64, err error) {
	r.begin(args)
	for r.next() {
	}
	changed = r.changes()
	r.reset()
	err, r.err = r.err, nil
	return changed, err
}

// start lends a connection and makes the statement ready on it. An error is kept for
// end to return.
func (b Binding) start(ctx context.Context, st *Statement, args []Value) run {
	r := b.lend(ctx, st)
	if r.err == nil {
		r.begin(args)
	}
	return r
}

// begin makes the statement ready to be run with the arguments, once more if it was run
// before.
func (r *run) begin(args []Value) {
	stmt, err := r.conn.Numbered(r.st.number, r.st.sql)
	if err != nil {
		r.err = err
		return
	}
	row, ok := stmt.Kept.(*Row)
	if !ok {
		// Not only a reader's connection, which refuses to write, may run it.
		if r.st.access != Writes && !stmt.ReadOnly() {
			r.err = errNotReadOnly
			return
		}
		row = &Row{stmt: stmt}
		stmt.Kept = row
	}
	r.row = row
	r.err = bind(stmt, args)
}

// next goes to the next row, if there is one and nothing has failed.
func (r *run) next() bool {
	if r.err != nil {
		return false
	}
	if r.err = r.row.err; r.err != nil {
		return false
	}
	found, err := r.row.stmt.Step()
	r.err = err
	return found
}

// changes returns how many rows a write that has come to its end has changed.
func (r *run) changes() int64 {
	if r.err != nil || r.st.access != Writes {
		return 0 // SQLite would count for the statement before
	}
	return r.conn.Changes()
}

// reset ends the run of the statement, and keeps what the last row failed with.
func (r *run) reset() {
	if r.row == nil {
		return
	}
	if r.err == nil {
		r.err = r.row.err
	}
	r.row.stmt.Reset()
	r.row.err, r.row.text = nil, r.row.text.next()
	r.row.first = 0 // a panic may have come out of an Embed
	r.row = nil
}

// end ends the run and gives the connection back. What it returns is how the call ended.
func (r *run) end() error {
	r.reset()
	if session := r.session; session != nil {
		r.session = nil
		r.err = session.End(r.err)
	}
	return r.st.fail(r.err)
}

// abandon ends a run that a panic has cut short; after end it does nothing.
func (r *run) abandon() {
	if r.session != nil {
		r.err = errAbandoned
		_ = r.end() // there is nobody to tell: the panic goes on
	}
}
