package infer_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// schema is a real database, and the catalog of it.
type schema struct {
	conn  *sql.Conn
	views map[string]string
	known map[string][]infer.Column
	ran   []string // what made the tables and rows
}

// open makes a database of one connection, in memory.
func open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:?_dqs=0")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// exec reports whether SQLite ran the statement.
func (s *schema) exec(statement string) bool {
	_, err := s.conn.ExecContext(context.Background(), statement)
	if err == nil {
		s.ran = append(s.ran, statement)
	}
	return err == nil
}

func (s *schema) Hidden(name string) []infer.Column {
	stmt, err := s.conn.PrepareContext(context.Background(), "SELECT rowid FROM "+name)
	if err != nil {
		return nil
	}
	stmt.Close()
	return []infer.Column{{Name: "rowid", Type: infer.Integer}}
}

const columnsOf = `SELECT name, type, "notnull" OR pk AND upper(type) = 'INTEGER'
	AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk'), hidden IN (2, 3)
	FROM pragma_table_xinfo(?1) WHERE hidden <> 1`

// Steady holds while nothing draws a trigger or a foreign key.
func (s *schema) Steady(string) bool { return !strings.Contains(s.setup(), "TRIGGER") }

func (s *schema) Table(name string) ([]infer.Column, bool) {
	name = strings.ToLower(name)
	if columns, ok := s.known[name]; ok {
		return columns, len(columns) > 0
	}
	rows, err := s.conn.QueryContext(context.Background(), columnsOf, name)
	if err != nil {
		return nil, false
	}
	defer rows.Close()
	var columns []infer.Column
	for rows.Next() {
		var column, declared string
		var notNull, generated bool
		if err := rows.Scan(&column, &declared, &notNull, &generated); err != nil {
			return nil, false
		}
		columns = append(columns, infer.Column{
			Name: column, Type: infer.Declared(declared), Why: infer.Reason(column, declared), Nullable: !notNull, Generated: generated,
			Source: infer.Source{Table: name, Column: column, Declared: declared},
		})
	}
	if body, ok := s.views[name]; ok {
		read, err := infer.View(tokens(body), s)
		for i := range columns {
			name := columns[i].Name
			columns[i] = infer.Column{Nullable: true}
			if err == nil && len(read) == len(columns) {
				columns[i] = read[i]
			}
			columns[i].Name = name
		}
	}
	s.known[name] = columns
	return columns, len(columns) > 0
}

// tokens returns what SQLite reads of a text.
func tokens(text string) []sqltext.Token {
	var kept []sqltext.Token
	for _, token := range sqltext.Scan(text) {
		if !token.Blank() {
			kept = append(kept, token)
		}
	}
	return kept
}

// fits says what is wrong with a value of a column, or nothing.
func fits(column infer.Column, value any) string {
	if value == nil {
		if !column.Nullable && column.Type != infer.Null {
			return "NULL in a column said to be NOT NULL"
		}
		return ""
	}
	ok := true
	switch v := value.(type) {
	case int64:
		ok = column.Type == infer.Integer || column.Type == infer.Real || column.Type == infer.Json || column.Type == infer.Bool && (v == 0 || v == 1)
	case bool:
		ok = column.Type == infer.Integer || column.Type == infer.Real || column.Type == infer.Bool
	case float64:
		ok = column.Type == infer.Real || column.Type == infer.Json
	case time.Time:
		ok = column.Type == infer.Time || column.Type == infer.Text
	case []byte:
		ok = column.Type == infer.Blob
	case string:
		ok = column.Type == infer.Text || column.Type == infer.Json || column.Type == infer.Time && len(v) >= len(time.DateTime)
	}
	if !ok && column.Type != infer.Unknown {
		return "a value of another type"
	}
	return ""
}

// setup returns what made the tables and rows, for a message.
func (s *schema) setup() string {
	return strings.ReplaceAll(strings.Join(s.ran, ";\n")+";\n", "%", "%%")
}

// check runs a statement and compares what comes with what was inferred. ok is false
// when SQLite does not run it.
func (s *schema) check(t interface{ Fatalf(string, ...any) }, statement string, strict bool) (ok bool) {
	names, values, err := s.query(statement)
	if err != nil {
		return false
	}
	result, err := infer.Statement(tokens(statement), nil, s, nil)
	if err != nil {
		if strict {
			t.Fatalf(s.setup()+"%s\nerror: %v", statement, err)
		}
		return false
	}
	if expanded := expand(statement, result.Stars); expanded != statement && strings.HasPrefix(statement, "SELECT") && !strings.Contains(s.setup()+statement, "CURRENT_T") && !strings.Contains(s.setup()+statement, "now") {
		_, same, err := s.query(expanded)
		if err != nil {
			t.Fatalf(s.setup()+"%s\nbecomes %s\nerror: %v", statement, expanded, err)
		}
		if before, after := sorted(values), sorted(same); before != after {
			t.Fatalf(s.setup()+"%s\nreturns %s\n%s\nreturns %s", statement, before, expanded, after)
		}
	}
	if len(result.Outputs) != len(names) {
		t.Fatalf(s.setup()+"%s\nSQLite returns %d columns, not %d", statement, len(names), len(result.Outputs))
	}
	for i, output := range result.Outputs {
		if output.Name != names[i] && strings.HasPrefix(names[i], "o_") {
			t.Fatalf(s.setup()+"%s\ncolumn %d is %q, not %q", statement, i+1, names[i], output.Name)
		}
		if output.Type == infer.Unknown && output.Why == "" {
			t.Fatalf(s.setup()+"%s\ncolumn %d (%s) has no type and no reason", statement, i+1, output.Name)
		}
		for _, row := range values {
			if wrong := fits(output.Column, row[i]); wrong != "" {
				t.Fatalf(s.setup()+"%s\ncolumn %d (%s) is said to be %s, nullable %t, and holds %T(%v): %s",
					statement, i+1, output.Name, output.Type, output.Nullable, row[i], row[i], wrong)
			}
		}
	}
	return true
}

// query returns the names of a statement's columns and its rows.
func (s *schema) query(statement string) (names []string, values [][]any, err error) {
	rows, err := s.conn.QueryContext(context.Background(), statement)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	if names, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		row := make([]any, len(names))
		into := make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		values = append(values, row)
	}
	return names, values, rows.Err()
}

// expand writes out the stars of a statement.
func expand(statement string, stars map[int]string) string {
	var text strings.Builder
	for _, token := range sqltext.Scan(statement) {
		if columns, ok := stars[token.Pos]; ok && token.Is("*") {
			token.Text = columns
		}
		text.WriteString(token.Text)
	}
	return text.String()
}

// sorted writes rows in an order of their own.
func sorted(rows [][]any) string {
	var lines []string
	for _, row := range rows {
		lines = append(lines, fmt.Sprintf("%#v", row))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
