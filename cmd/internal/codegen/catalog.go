package codegen

import (
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Describer asks SQLite about a statement. It is a [*sqlcheck.DB], whose migrations
// have run.
type Describer interface {
	Describe(sql string) (sqlcheck.Statement, error)
}

// catalog knows the tables of one schema: their columns from SQLite, and from the
// migrations' text what SQLite does not say of views and virtual tables.
type catalog struct {
	db      Describer
	views   map[string][]sqltext.Token // the SELECT of each view, by lower-case name
	virtual map[string]bool            // full-text and other virtual tables
	columns map[string][]infer.Column  // what was asked before
}

func newCatalog(db Describer, migrations []source) *catalog {
	c := &catalog{
		db:      db,
		views:   map[string][]sqltext.Token{},
		virtual: map[string]bool{},
		columns: map[string][]infer.Column{},
	}
	for _, migration := range migrations {
		var statement []sqltext.Token
		for _, token := range sqltext.Scan(withoutDown(migration.text)) {
			switch {
			case token.Blank():
			case token.Is(";"):
				c.note(statement)
				statement = nil
			default:
				statement = append(statement, token)
			}
		}
		c.note(statement)
	}
	return c
}

// note remembers a statement of a migration if it makes a view or a virtual table.
func (c *catalog) note(statement []sqltext.Token) {
	is := func(i int, word string) bool { return i < len(statement) && statement[i].Is(word) }
	if is(0, "DROP") && is(1, "VIEW") && len(statement) > 2 {
		delete(c.views, strings.ToLower(statement[len(statement)-1].Name))
	}
	if !is(0, "CREATE") {
		return
	}
	at := 1
	if is(at, "TEMP") || is(at, "TEMPORARY") {
		at++
	}
	virtual := is(at, "VIRTUAL")
	if virtual {
		at++
	}
	view := is(at, "VIEW")
	if !view && !virtual {
		return
	}
	at++
	if is(at, "IF") {
		at += 3
	}
	if at >= len(statement) {
		return
	}
	name := strings.ToLower(statement[at].Name)
	if virtual {
		c.virtual[name] = true
		return
	}
	for ; at < len(statement); at++ {
		if is(at, "AS") {
			c.views[name] = statement[at+1:]
			return
		}
	}
}

// Table implements [infer.Catalog].
func (c *catalog) Table(name string) ([]infer.Column, bool) {
	key := strings.ToLower(name)
	if columns, ok := c.columns[key]; ok {
		return columns, columns != nil
	}
	c.columns[key] = nil // a view that uses itself has no columns
	described, err := c.db.Describe(`SELECT * FROM "` + strings.ReplaceAll(name, `"`, `""`) + `"`)
	if err != nil {
		return nil, false
	}
	columns := make([]infer.Column, len(described.Columns))
	for i, column := range described.Columns {
		columns[i] = infer.Column{Name: column.Name, Type: infer.Declared(column.DeclType), Nullable: !column.NotNull}
		if c.virtual[key] {
			columns[i].Nullable = true
			if column.DeclType == "" {
				columns[i].Type = infer.Text
			}
		}
	}
	if body, ok := c.views[key]; ok {
		c.viewColumns(body, columns)
	}
	c.columns[key] = columns
	return columns, true
}

// viewColumns corrects the columns of a view, of which SQLite says what the columns
// behind them are: across an outer join these are not the same.
func (c *catalog) viewColumns(body []sqltext.Token, columns []infer.Column) {
	result, err := infer.Statement(body, nil, c)
	known := err == nil && len(result.Outputs) == len(columns)
	for i := range columns {
		columns[i].Nullable, columns[i].Type = true, infer.Unknown
		if known {
			columns[i].Nullable, columns[i].Type = result.Outputs[i].Nullable, result.Outputs[i].Type
		}
	}
}

// isPlain reports whether a name is that of a table or view that holds rows of the
// application's own, and not of an index.
func (c *catalog) isPlain(name string) bool { return !c.virtual[strings.ToLower(name)] }
