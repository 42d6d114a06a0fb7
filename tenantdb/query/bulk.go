package query

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Bulk runs st once for each of the rows, in their order and in one transaction, and
// returns how many rows it wrote as [ExecRows] counts. When one fails, nothing of the
// call stays, within Write too, where what ran before it does; the error is a
// [RowError] then. Without rows it does nothing. Of its context see [One].
//
// args appends a row's arguments to a slice that is empty, of which the memory is used
// again, and returns it. It must not run queries: the connection is in use.
func Bulk[T any](ctx context.Context, b Binding, st *Statement, rows []T, args func(to []Value, row *T) []Value) (int64, error) {
	if len(rows) == 0 && b.source != nil {
		return 0, nil
	}
	var written int64
	var values []Value
	r := b.lend(ctx, st)
	defer r.abandon()
	if r.err == nil {
		r.err = savepoint(r.conn, func() error {
			for i := range rows {
				// A short statement ends before SQLite looks whether the context has.
				if ctx.Err() != nil {
					return &RowError{Index: i, Err: sqlite.Ended(ctx)}
				}
				values = args(values[:0], &rows[i])
				changed, err := r.once(values)
				if err != nil {
					return &RowError{Index: i, Err: err}
				}
				written += changed
			}
			return nil
		})
	}
	if err := r.end(); err != nil {
		return 0, err
	}
	return written, nil
}

// savepoint runs f and undoes what it wrote if it fails or panics. The transaction
// around it, a call of Write, goes on with what it had.
func savepoint(conn *sqlite.Conn, f func() error) (err error) {
	if err := conn.Exec("SAVEPOINT silo_bulk"); err != nil {
		return err
	}
	err = errAbandoned
	defer func() {
		if err != nil {
			err = undo(conn, err)
		}
	}()
	if err = f(); err == nil {
		// SQLite would say of a release that it was interrupted, and have released.
		conn.Unwatch()
		err = conn.Exec("RELEASE silo_bulk")
	}
	return err
}

// undo takes back what was written since the savepoint. It is not stopped by the end of
// the call's context, which may be why there is something to take back.
func undo(conn *sqlite.Conn, why error) error {
	conn.Unwatch()
	if !conn.InTransaction() {
		return why // SQLite has rolled all of it back by itself
	}
	err := conn.Exec("ROLLBACK TO silo_bulk")
	if err == nil {
		err = conn.Exec("RELEASE silo_bulk")
	}
	if err == nil {
		return why
	}
	// Half of the call must not be committed with the rest of the transaction.
	return errors.Join(why, err, conn.Exec("ROLLBACK"))
}
