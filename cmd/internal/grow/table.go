package grow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// present is the present time in the format in which Silo stores times.
const present = "strftime('%Y-%m-%d %H:%M:%f', 'now')"

// manner is how the tables of a schema are declared.
type manner int

const (
	loose  manner = iota // types such as DATETIME say what is meant
	strict               // STRICT, which knows five types
)

// declared are the types in SQL. Those of STRICT tables are what SQLite stores.
var declared = map[manner]map[kind]string{
	loose:  {text: "TEXT", integer: "INTEGER", float: "REAL", boolean: "BOOLEAN", blob: "BLOB", moment: "DATETIME", document: "JSON"},
	strict: {text: "TEXT", integer: "INTEGER", float: "REAL", boolean: "INTEGER", blob: "BLOB", moment: "TEXT", document: "TEXT"},
}

// table is a new table.
type table struct {
	name    string
	id      column
	columns []column // what comes between the ID and the times
	manner  manner
}

// newTable makes a table of the columns that were asked for. Each has an ID in front, which is a
// number unless it was asked for as text, and behind them when a row was made and changed.
func newTable(name string, asked []column, manner manner) (*table, error) {
	t := &table{name: name, id: column{name: "id", kind: integer}, manner: manner}
	for _, c := range asked {
		switch {
		case c.name == "id" && (c.kind != integer && c.kind != text || len(c.options) > 0):
			return nil, spec("column id is the primary key: write id:int or id:text, and nothing more")
		case c.name == "id":
			t.id = c
		case slices.Contains(ownColumns, c.name):
			return nil, spec("column %s is there anyway: leave it out", c.name)
		default:
			t.columns = append(t.columns, c)
		}
	}
	t.id.declared = declared[manner][t.id.kind]
	for i := range t.columns {
		if c := &t.columns[i]; c.kind != references {
			c.declared = declared[manner][c.kind]
		}
	}
	return t, nil
}

// all returns the columns in their order.
func (t *table) all() []column {
	at := declared[t.manner][moment]
	return slices.Concat([]column{t.id}, t.columns, []column{
		{name: "created_at", kind: moment, declared: at}, {name: "updated_at", kind: moment, declared: at},
	})
}

// migration returns the text of the migration that makes the table.
func (t *table) migration() string {
	var out strings.Builder
	name := sqltext.Quote(t.name)
	fmt.Fprintf(&out, "-- +goose Up\nCREATE TABLE %s (\n", name)
	all := t.all()
	names, types := 0, 0
	for _, c := range all {
		names, types = max(names, len(sqltext.Quote(c.name))), max(types, len(c.declared))
	}
	for i, c := range all {
		end := ","
		if i == len(all)-1 {
			end = ""
		}
		line := fmt.Sprintf("    %-*s %-*s %s", names, sqltext.Quote(c.name), types, c.declared, t.constraints(c))
		fmt.Fprintf(&out, "%s%s\n", strings.TrimRight(line, " "), end)
	}
	out.WriteString(")")
	if t.manner == strict {
		out.WriteString(" STRICT")
	}
	out.WriteString(";\n")
	for _, c := range t.indexed() {
		key := sqltext.Quote(c.name)
		if t.id.kind == text { // a number is in each index by itself
			key += ", id"
		}
		fmt.Fprintf(&out, "\nCREATE INDEX %s ON %s (%s);\n", sqltext.Quote(t.indexName(c)), name, key)
	}
	fmt.Fprintf(&out, "\n-- +goose Down\nDROP TABLE %s;\n", name)
	return out.String()
}

// indexed returns the columns by which rows are listed. A reference is one: who deletes the row that it
// refers to would read the whole table otherwise.
func (t *table) indexed() []column {
	return slices.DeleteFunc(slices.Clone(t.columns), func(c column) bool {
		return c.has(optionUnique) || !c.has(optionIndex) && c.kind != references
	})
}

func (t *table) indexName(c column) string { return t.name + "_by_" + c.name }

// constraints returns what follows the type of a column.
func (t *table) constraints(c column) string {
	name := sqltext.Quote(c.name)
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch {
	case c.name == "id" && c.kind == integer:
		return "PRIMARY KEY"
	case c.name == "id":
		return "NOT NULL PRIMARY KEY CHECK (id <> '')"
	case slices.Contains(ownColumns, c.name):
		return "NOT NULL DEFAULT (" + present + ")"
	case !c.has(optionNull):
		add("NOT NULL")
	}
	if c.has(optionUnique) {
		add("UNIQUE")
	}
	switch c.kind {
	case boolean:
		add("CHECK (%s IN (0, 1))", name)
	case document:
		add("CHECK (json_valid(%s))", name)
	case references:
		add("REFERENCES %s (%s)", sqltext.Quote(c.of), sqltext.Quote(c.key))
	}
	if c.has(optionCascade) {
		add("ON DELETE CASCADE")
	}
	return strings.Join(parts, " ")
}
