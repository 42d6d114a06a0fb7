package sqlcheck

import (
	"errors"
	"fmt"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Default is what a column of a table holds in a row for which it was not given.
type Default struct {
	Column string // the column's name
	SQL    string // the default, as SQLite keeps its text
	Kind   string // NULL, INTEGER, REAL, TEXT or BLOB: as it is stored
	Text   string // the value, written as in SQL
	// Refusal is why a STRICT table does not store it; Kind and Text are empty then.
	Refusal string
}

// Defaults returns what SQLite stores by the defaults of a table's columns, those that
// have one. It is made once, so that of one that is computed it is the present value.
func (db *DB) Defaults(table string) ([]Default, error) {
	name := literal(table)
	var all []fallback
	strict := ""
	// A view has none, and one that does not work would fail here.
	err := db.conn.Query(`SELECT x.name, x.type, x.dflt_value, l.strict FROM pragma_table_list(`+name+`) l CROSS JOIN pragma_table_xinfo(`+name+`) x
		WHERE l.schema = 'main' AND l.type = 'table' AND x.dflt_value IS NOT NULL AND x.hidden = 0 ORDER BY x.cid`, func(row *sqlite.Stmt) {
		all = append(all, fallback{row.ColumnText(0), row.ColumnText(1), row.ColumnText(2)})
		if row.ColumnInt(3) == 1 {
			strict = " STRICT"
		}
	})
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: the defaults of %s: %w", table, err)
	}
	if len(all) == 0 {
		return nil, nil
	}
	found, err := db.stored(all, strict)
	if err == nil {
		return found, nil
	}
	// One of them cannot be stored: which one is found out one by one.
	for _, f := range all {
		one, err := db.stored([]fallback{f}, strict)
		var refused *sqlite.Error
		switch {
		case err == nil:
			found = append(found, one...)
		case errors.As(err, &refused) && strict != "" && strings.HasPrefix(refused.Message, "cannot store"):
			kind, _, _ := strings.Cut(refused.Message, " in ")
			found = append(found, Default{Column: f.column, SQL: f.value, Refusal: kind + " in a column that is " + strings.ToUpper(f.declared)})
		}
		// What fails otherwise, such as a default that the authorizer refuses, says
		// so when it is used.
	}
	return found, nil
}

// fallback is a default as a table's definition has it.
type fallback struct{ column, declared, value string }

// sql is the default as a definition has to have it again: SQLite keeps it without the
// parentheses that an expression needs, and a lone name is a text only without them.
func (f fallback) sql() string {
	if len(words(f.value)) <= 2 {
		return f.value
	}
	return "(" + f.value + ")"
}

// stored has SQLite make a row of defaults alone, in a table that has no constraints and
// whose columns have the same affinities.
func (db *DB) stored(all []fallback, strict string) (found []Default, err error) {
	var columns, values []string
	for i, f := range all {
		columns = append(columns, fmt.Sprintf("c%d %s DEFAULT %s", i, f.declared, f.sql()))
		values = append(values, fmt.Sprintf("upper(typeof(c%[1]d)), quote(c%[1]d)", i))
	}
	if err := db.conn.Exec("CREATE TEMP TABLE silo_defaults (" + strings.Join(columns, ", ") + ")" + strict); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.conn.Exec("DROP TABLE temp.silo_defaults")) }()
	if err := db.conn.Exec("INSERT INTO temp.silo_defaults DEFAULT VALUES"); err != nil {
		return nil, err
	}
	_, err = db.conn.QueryRow("SELECT "+strings.Join(values, ", ")+" FROM temp.silo_defaults", func(row *sqlite.Stmt) {
		for i, f := range all {
			found = append(found, Default{Column: f.column, SQL: f.value, Kind: row.ColumnText(2 * i), Text: row.ColumnText(2*i + 1)})
		}
	})
	return found, err
}
