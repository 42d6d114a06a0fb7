package driver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// table is a table of a unit's database.
type table struct {
	name    string
	sql     string
	virtual bool
	columns []column
}

// column is a column with what its values come from.
type column struct {
	name, declared, fallback string
	notNull, key, generated  bool
	parent                   *reference
}

// reference is the column that a foreign key points to.
type reference struct{ table, column string }

// readSchema returns the application's tables.
func readSchema(ctx context.Context, db *sql.DB) ([]*table, error) {
	rows, err := texts(ctx, db, `SELECT l.name, l.type, coalesce(s.sql, '') FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
		WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND l.name NOT LIKE 'silo\_%' ESCAPE '\' AND l.name <> 'goose_db_version' ORDER BY s.rowid`)
	if err != nil {
		return nil, err
	}
	var tables []*table
	for _, row := range rows {
		t := &table{name: row[0], virtual: row[1] == "virtual", sql: row[2]}
		if err := t.read(ctx, db); err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (t *table) read(ctx context.Context, db *sql.DB) error {
	rows, err := texts(ctx, db, `SELECT name, type, coalesce(dflt_value, ''), "notnull", pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1`, t.name)
	if err != nil {
		return err
	}
	for _, row := range rows {
		t.columns = append(t.columns, column{name: row[0], declared: strings.ToUpper(row[1]), fallback: row[2], notNull: row[3] != "0", key: row[4] != "0", generated: row[5] != "0"})
	}
	keys, err := texts(ctx, db, `SELECT "from", "table", coalesce("to", '') FROM pragma_foreign_key_list(?)`, t.name)
	if err != nil {
		return err
	}
	for _, key := range keys {
		to := key[2]
		if to == "" {
			primary, err := texts(ctx, db, `SELECT name FROM pragma_table_xinfo(?) WHERE pk = 1`, key[1])
			if err != nil {
				return err
			}
			if len(primary) == 0 {
				continue
			}
			to = primary[0][0]
		}
		for i := range t.columns {
			if strings.EqualFold(t.columns[i].name, key[0]) {
				t.columns[i].parent = &reference{table: key[1], column: to}
			}
		}
	}
	return nil
}

// texts returns the rows of a query as texts.
func texts(ctx context.Context, db *sql.DB, query string, args ...any) (all [][]string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row, places := make([]string, len(names)), make([]any, len(names))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

var sqlString = regexp.MustCompile(`'((?:[^']|'')*)'`)

// literals returns the strings that a table's declaration mentions: those of CHECK are
// the values that it admits.
func (t *table) literals() []string {
	var all []string
	for _, match := range sqlString.FindAllStringSubmatch(t.sql, -1) {
		all = append(all, strings.ReplaceAll(match[1], "''", "'"))
	}
	return all
}

// contents returns what the tables hold, a line a row, in a fixed order. Columns that
// are filled by chance are left out.
func contents(ctx context.Context, db *sql.DB, tables []*table) ([]string, error) {
	var all []string
	for _, t := range tables {
		var columns []string
		for _, c := range t.columns {
			if !randomWords.MatchString(c.fallback) {
				columns = append(columns, "quote("+quoteName(c.name)+")")
			}
		}
		if len(columns) == 0 {
			continue
		}
		query := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", strings.Join(columns, ", "), quoteName(t.name), ordinals(len(columns)))
		rows, err := texts(ctx, db, query)
		if err != nil {
			if t.virtual {
				continue // such as one whose content is in a table that is gone
			}
			return nil, fmt.Errorf("read %s: %w", t.name, err)
		}
		for _, row := range rows {
			all = append(all, t.name+"|"+strings.Join(row, "|"))
		}
	}
	return all, nil
}

func ordinals(count int) string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprint(i+1))
	}
	return strings.Join(all, ", ")
}
