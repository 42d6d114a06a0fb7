package codegen

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// catalog knows the tables of one schema: their columns from SQLite, and from the text
// by which it keeps views and virtual tables what it does not say of those.
type catalog struct {
	db        *sqlcheck.DB
	views     map[string][]sqltext.Token            // the SELECT of each view, by lower-case name
	virtual   map[string]module                     // full-text and other virtual tables, by lower-case name
	keys      map[string]map[string]bool            // the columns of each table's PRIMARY KEY, all by lower-case name
	generated map[string]map[string][]sqltext.Token // see [generatedAs], by lower-case name of the table
	moving    map[string]bool                       // see [infer.Catalog.Steady]
	columns   map[string][]infer.Column             // what was asked before
	hidden    map[string][]infer.Column             // likewise
	session   sessionObjects
}

// newCatalog reads the objects of a schema; its tables are looked at when they are asked for.
func newCatalog(db *sqlcheck.DB, objects []sqlcheck.Object) *catalog {
	c := &catalog{
		db:        db,
		views:     map[string][]sqltext.Token{},
		virtual:   map[string]module{},
		keys:      map[string]map[string]bool{},
		generated: map[string]map[string][]sqltext.Token{},
		moving:    map[string]bool{},
		columns:   map[string][]infer.Column{},
		hidden:    map[string][]infer.Column{},
	}
	for _, object := range objects {
		text := sqltext.Significant(sqltext.Scan(object.SQL))
		name := strings.ToLower(object.Name)
		switch object.Kind {
		case sqlcheck.Table:
			c.keys[name], c.generated[name] = keyColumns(text), generatedAs(text)
			if hasActions(text) {
				c.moving[name] = true
			}
		case sqlcheck.Trigger:
			for _, table := range writtenBy(body(text)) {
				c.moving[table] = true
			}
		case sqlcheck.Virtual: // CREATE VIRTUAL TABLE name USING …
			c.virtual[name] = moduleOf(text)
		case sqlcheck.View: // CREATE VIEW name (columns) AS SELECT …
			if as := slices.IndexFunc(text, func(t sqltext.Token) bool { return t.Is("AS") }); as >= 0 {
				c.views[name] = text[as+1:]
			}
		}
	}
	c.session = askingSession(objects)
	return c
}

// Table implements [infer.Catalog].
func (c *catalog) Table(name string) ([]infer.Column, bool) {
	key := strings.ToLower(name)
	if columns, ok := c.columns[key]; ok {
		return columns, columns != nil
	}
	c.columns[key] = nil // a view that uses itself has no columns
	described, err := c.db.Describe("SELECT * FROM " + sqltext.Quoted(name))
	if err != nil {
		return nil, false
	}
	columns := make([]infer.Column, len(described.Columns))
	for i, column := range described.Columns {
		columns[i] = infer.Column{
			Name:     column.Name,
			Type:     infer.Declared(column.DeclType),
			Nullable: !column.NotNull,
			Source:   infer.Source{Table: key, Column: column.Name, Declared: column.DeclType},
			Why:      infer.Reason(column.Name, column.DeclType),
		}
	}
	if body, ok := c.views[key]; ok {
		c.viewColumns(body, described.Columns, columns)
	} else if module, ok := c.virtual[key]; ok {
		c.virtualColumns(module, columns)
	} else {
		c.markKeys(key, columns)
		c.markGenerated(name, columns)
		c.typeGenerated(name, columns)
	}
	c.columns[key] = columns
	return columns, true
}

// Hidden implements [infer.Catalog].
func (c *catalog) Hidden(name string) []infer.Column {
	key := strings.ToLower(name)
	if hidden, ok := c.hidden[key]; ok {
		return hidden
	}
	hidden := c.virtual[key].hidden(name)
	for _, rowid := range []string{"rowid", "_rowid_", "oid"} {
		if _, err := c.db.Describe("SELECT " + rowid + " FROM " + sqltext.Quoted(name)); err == nil {
			hidden = append(hidden, infer.Column{Name: rowid, Type: infer.Integer})
		}
	}
	c.hidden[key] = hidden
	return hidden
}

// Steady implements [infer.Catalog].
func (c *catalog) Steady(table string) bool { return !c.moving[strings.ToLower(table)] }

// markGenerated finds the columns that INSERT cannot give a value to. SQLite says it
// by refusing that, for each of them and not for the others.
func (c *catalog) markGenerated(table string, columns []infer.Column) {
	values := strings.TrimSuffix(strings.Repeat("NULL, ", len(columns)), ", ")
	if _, err := c.db.Describe("INSERT INTO " + sqltext.Quoted(table) + " VALUES (" + values + ")"); err == nil {
		return
	}
	refused := 0
	for i := range columns {
		_, err := c.db.Describe("INSERT INTO " + sqltext.Quoted(table) + " (" + sqltext.Quoted(columns[i].Name) + ") VALUES (NULL)")
		columns[i].Generated = err != nil
		if err != nil {
			refused++
		}
	}
	if refused == len(columns) { // nobody may write to the table, whatever its columns
		for i := range columns {
			columns[i].Generated = false
		}
	}
}

// markKeys finds the columns that are NULL in no row that a query can read, though
// SQLite would store one.
func (c *catalog) markKeys(table string, columns []infer.Column) {
	for i := range columns {
		if columns[i].Nullable && c.keys[table][strings.ToLower(columns[i].Name)] {
			columns[i].Nullable, columns[i].Key = false, true
		}
	}
}

// viewColumns corrects the columns of a view, of which SQLite says what the columns
// behind them are: across an outer join these are not the same.
func (c *catalog) viewColumns(body []sqltext.Token, described []sqlcheck.Column, columns []infer.Column) {
	read, err := infer.View(body, c)
	known := err == nil && len(read) == len(columns)
	for i := 0; known && i < len(columns); i++ {
		// A table that was renamed and made anew is another than the text names.
		source := read[i].Source
		known = source.Table == "" || described[i].Table == "" ||
			strings.EqualFold(source.Table, described[i].Table) && strings.EqualFold(source.Column, described[i].Origin)
	}
	for i := range columns {
		name := columns[i].Name
		columns[i] = infer.Column{Nullable: true, Why: "column " + name + " is of a view that cannot be followed"}
		if known {
			columns[i] = read[i]
		}
		columns[i].Name = name
	}
}

// isPlain reports whether a name is that of a table or view that holds rows of the
// application's own, and not of an index.
func (c *catalog) isPlain(name string) bool {
	_, virtual := c.virtual[strings.ToLower(name)]
	return !virtual
}
