package query

import (
	"context"
	"database/sql"
	"math"
)

// ExecResult runs st to its end and returns what it did: RowsAffected is as of
// [ExecRows], LastInsertId as of [ExecLastID]. Neither ever fails, and neither asks the
// database later, when it may have gone on. Of its context see [One].
func ExecResult(ctx context.Context, b Binding, st *Statement, args ...Value) (sql.Result, error) {
	done, err := b.insert(ctx, st, args)
	if err != nil {
		return nil, err
	}
	return done, nil
}

// ExecLastID runs st to its end and returns the rowid of the last row that it
// inserted, which in a table with an INTEGER PRIMARY KEY is that key. It is 0, which
// SQLite gives no row by itself, where st inserted none: because of ON CONFLICT, because
// a SELECT gave it no rows, or because the rows went into a view's trigger or into a
// table WITHOUT ROWID. SQLite's own last_insert_rowid() would be of an earlier
// statement then, and stays that for the statements that follow. Of its context see
// [One].
//
// A statement that itself asks for last_insert_rowid() must find the earlier one. Of
// such a statement, ON CONFLICT DO UPDATE returns that, not 0; write RETURNING instead.
func ExecLastID(ctx context.Context, b Binding, st *Statement, args ...Value) (int64, error) {
	done, err := b.insert(ctx, st, args)
	return done.lastID, err
}

// result is what a statement did.
type result struct{ lastID, changed int64 }

// LastInsertId returns the rowid of the last row that the statement inserted, or 0.
func (r result) LastInsertId() (int64, error) { return r.lastID, nil }

// RowsAffected returns how many rows the statement changed.
func (r result) RowsAffected() (int64, error) { return r.changed, nil }

// insert runs st and looks which row it inserted last, on the same connection.
func (b Binding) insert(ctx context.Context, st *Statement, args []Value) (result, error) {
	var done result
	r := b.lend(ctx, st)
	defer r.abandon()
	switch {
	case r.err != nil:
	case st.asksRowID:
		if done.changed, r.err = r.once(args); done.changed > 0 {
			done.lastID = r.conn.SwapLastInsertRowID(noRowID)
			r.conn.SwapLastInsertRowID(done.lastID)
		}
	default:
		before := r.conn.SwapLastInsertRowID(noRowID)
		done.changed, r.err = r.once(args)
		if last := r.conn.SwapLastInsertRowID(before); last != noRowID {
			done.lastID = last
			r.conn.SwapLastInsertRowID(last)
		}
	}
	if err := r.end(); err != nil {
		return result{}, err
	}
	return done, nil
}

// noRowID marks that no row has been inserted. SQLite gives it to no row by itself.
const noRowID = math.MinInt64
