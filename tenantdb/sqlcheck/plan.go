package sqlcheck

import (
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// PlanStep is a step of how SQLite would run a statement
// (https://www.sqlite.org/eqp.html).
type PlanStep struct {
	ID     int
	Parent int    // the ID of the step that this one is part of, or 0
	Detail string // in SQLite's words, such as SCAN users
}

// Plan returns how SQLite would run the statement on a database without rows or
// statistics, in SQLite's order. A statement that SQLite refuses, or that is refused at
// run time, is an [*Error]. Its offset is that in the statement.
func (db *DB) Plan(sql string) ([]PlanStep, error) {
	if _, err := db.Describe(sql); err != nil {
		return nil, err // with offsets that do not count the words put before it
	}
	stmt, err := db.conn.Prepare("EXPLAIN QUERY PLAN "+sql, 0)
	if err != nil {
		var refused *sqlite.Error
		if errors.As(err, &refused) {
			return nil, &Error{Message: refused.Message, Offset: -1}
		}
		return nil, fmt.Errorf("sqlcheck: %w", err)
	}
	defer stmt.Close()
	var steps []PlanStep
	for {
		row, err := stmt.Step()
		if err != nil {
			return nil, fmt.Errorf("sqlcheck: the plan of a statement: %w", err)
		}
		if !row {
			return steps, nil
		}
		steps = append(steps, PlanStep{ID: int(stmt.ColumnInt(0)), Parent: int(stmt.ColumnInt(1)), Detail: stmt.ColumnText(3)})
	}
}
