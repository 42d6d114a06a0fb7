package query

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/registry"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Adhoc is a statement that nothing was generated for: an operator's question. It only
// reads. Applications have no use for it: only packages of Silo can name the permit.
type Adhoc struct {
	statement Statement
	args      []Value
}

// NewAdhoc makes the Adhoc of a text with the arguments that it is to be run with. What it is
// called in errors is what the caller offers it as.
func NewAdhoc(_ registry.Permit, name, sql string, args ...Value) *Adhoc {
	return &Adhoc{statement: Statement{name: name, source: "its SQL", sql: sql, access: Reads}, args: args}
}

// Record is one row of an Adhoc. Columns are the same slice for all rows of a run; values are
// an int64, a float64, a string, a []byte or nil each, and the receiver's own.
type Record struct {
	Columns []string
	Values  []any
}

// Each runs the statement and calls row with each row, until that returns an error, which
// then is what Each returns. Where the connection may be wanted for a write meanwhile, which
// is [sqlite.ErrYield], rows that were seen are to be forgotten: see [Adhoc.Collect].
func (a *Adhoc) Each(ctx context.Context, b Binding, row func(Record) error) error {
	r := b.lend(ctx, &a.statement)
	defer r.abandon()
	var ofRow error
	if r.err == nil {
		ofRow, r.err = a.run(r.conn, row)
	}
	if err := r.end(); err != nil {
		return err
	}
	return ofRow
}

// run tells errors of row from those of the statement, by which connections are judged.
func (a *Adhoc) run(conn *sqlite.Conn, row func(Record) error) (ofRow, err error) {
	stmt, err := conn.Prepare(a.statement.sql, 0)
	if err != nil {
		return nil, unfit(err)
	}
	defer stmt.Close()
	if !stmt.ReadOnly() {
		return nil, errOnlyReads
	}
	if want := stmt.ParamCount(); want != len(a.args) {
		return nil, fmt.Errorf("%w: it has %d parameters, and there are %d arguments", ErrAdhoc, want, len(a.args))
	}
	if err := bind(stmt, a.args); err != nil {
		return nil, err
	}
	columns := make([]string, stmt.ColumnCount())
	for i := range columns {
		columns[i] = stmt.ColumnName(i)
	}
	for {
		found, err := stmt.Step()
		if err != nil || !found {
			return nil, err
		}
		values := make([]any, len(columns))
		for i := range values {
			values[i] = anyOf(stmt.Value(i))
		}
		if err := row(Record{columns, values}); err != nil {
			return err, nil
		}
	}
}

// ErrAdhoc is of an Adhoc that is none, whatever the schema: a text that is not one statement of SQL, or
// arguments that are too many or too few.
var ErrAdhoc = errors.New("it is not one statement that can be run")

// unfit makes an ErrAdhoc of an error of SQLite's parser, which knows no schema.
func unfit(err error) error {
	var of *sqlite.Error
	if errors.As(err, &of) && of.OfGrammar() {
		return fmt.Errorf("%w: %w", ErrAdhoc, err)
	}
	return err
}

// errOnlyReads is of an Adhoc that writes.
var errOnlyReads = fmt.Errorf("%w: it writes, and only what reads is run", sqlite.ErrNotAuthorized)

// anyOf copies a value.
func anyOf(v sqlite.Value) any {
	switch v.Type() {
	case sqlite.Integer:
		return v.Int()
	case sqlite.Float:
		return v.Float()
	case sqlite.Text:
		return string(v.Bytes())
	case sqlite.Blob:
		return clone(v.Bytes())
	case sqlite.Null:
	}
	return nil
}

// collectAtMost is how many rows Collect keeps.
const collectAtMost = 256

// errMore ends a run of which there is more than is wanted.
var errMore = fmt.Errorf("there are more than %d rows", collectAtMost)

// Collect returns the rows if they are few, on whatever connection is free; otherwise whole is
// false and they are to be read by Each in a transaction, whose connection nobody else wants.
func (a *Adhoc) Collect(ctx context.Context, b Binding) (rows []Record, whole bool, err error) {
	for {
		rows = rows[:0]
		err = a.Each(ctx, b, func(r Record) error {
			if len(rows) == collectAtMost {
				return errMore
			}
			rows = append(rows, r)
			return nil
		})
		switch {
		case yielded(err):
		case err == errMore: //nolint:errorlint // it is this very one, and nobody's but ours
			return nil, false, nil
		default:
			return rows, err == nil, err
		}
	}
}
