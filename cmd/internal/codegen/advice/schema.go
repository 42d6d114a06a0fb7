package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Schema is what migrations leave, with the places where they say so. Names are in
// lower case, for so SQLite compares them.
type Schema struct {
	tables   map[string]*table
	views    map[string][]sqltext.Token // the SELECT of each
	indexes  map[string]*index
	triggers map[string]definition
	small    map[string]bool
	findings []Finding // about what runs, whatever comes of it
}

// table is a table that holds rows of the application's own.
type table struct {
	name        string
	strict      bool
	keyed       bool // WITHOUT ROWID
	columns     []*column
	constraints []definition
}

// index is an index that a statement makes.
type index struct {
	table   string
	columns []string // "" for an expression
	partial bool
}

// definition is a part of the schema, as SQLite keeps it: renamed, if a migration
// renames, and with a name for what was SELECT.
type definition struct {
	tokens []sqltext.Token
	said   saying
}

// place is where a migration says the nth token.
func (d definition) place(n int) place {
	// SQLite leaves out words at the beginning, such as IF NOT EXISTS.
	at := len(d.said.tokens) - len(d.tokens) + n
	return place{d.said.file, d.said.tokens[max(at, 0)].Pos}
}

// Read reads the schema that migrations leave, from what SQLite keeps of it, and for
// the places of things the migrations in the order in which they run.
func Read(files []File, objects []sqlcheck.Object) *Schema {
	h := readHistory(files)
	s := &Schema{
		tables: map[string]*table{}, views: map[string][]sqltext.Token{}, indexes: map[string]*index{}, triggers: map[string]definition{},
		small: h.small, findings: h.findings,
	}
	for _, object := range objects {
		tokens, name := sqltext.Significant(sqltext.Scan(object.SQL)), strings.ToLower(object.Name)
		switch object.Kind {
		case sqlcheck.Table:
			s.tables[name] = readTable(name, tokens, h.table(name))
		case sqlcheck.Index:
			s.indexes[name] = readIndex(strings.ToLower(object.Table), tokens)
		case sqlcheck.View:
			s.views[name] = tokens[past(tokens, "AS"):]
		case sqlcheck.Trigger:
			s.triggers[name] = definition{tokens, h.trigger(name)}
		}
	}
	return s
}

// past returns the place behind the first such word, or the number of tokens.
func past(tokens []sqltext.Token, word string) int {
	at := slices.IndexFunc(tokens, func(t sqltext.Token) bool { return t.Is(word) })
	if at < 0 {
		return len(tokens)
	}
	return at + 1
}

// parenthesis returns what is within the first parentheses, and what is behind them.
func parenthesis(tokens []sqltext.Token) (inside, behind []sqltext.Token) {
	tokens = tokens[past(tokens, "("):]
	depth := 1
	for i, token := range tokens {
		switch {
		case token.Is("("):
			depth++
		case token.Is(")"):
			depth--
		}
		if depth == 0 {
			return tokens[:i], tokens[i+1:]
		}
	}
	return tokens, nil
}

// readTable reads the text of a table: CREATE TABLE name (…) STRICT.
func readTable(name string, tokens []sqltext.Token, said *tableSaid) *table {
	t := &table{name: name}
	inside, behind := parenthesis(tokens)
	for _, part := range split(inside) {
		switch {
		case len(part) == 0:
		case isConstraint(part):
			t.constraints = append(t.constraints, definition{part, said.constraint(len(t.constraints))})
		default:
			t.columns = append(t.columns, readColumn(part, said.column(nameOf(part[0]))))
		}
	}
	for i, token := range behind {
		t.strict = t.strict || token.Is("STRICT")
		t.keyed = t.keyed || isAt(behind, i, "WITHOUT", "ROWID")
	}
	return t
}

// readIndex reads the text of an index: CREATE INDEX name ON table (…) WHERE ….
func readIndex(table string, tokens []sqltext.Token) *index {
	inside, behind := parenthesis(tokens)
	x := &index{table: table, partial: isAt(behind, 0, "WHERE")}
	for _, term := range split(inside) {
		column := ""
		if len(term) == 1 || len(term) == 2 && (term[1].Is("ASC") || term[1].Is("DESC")) {
			column = nameOf(term[0])
		}
		x.columns = append(x.columns, column)
	}
	return x
}

// Small reports whether a table is marked as one that stays small: the mark counts for
// all tables that ever had the name, so that it outlives a rebuild.
func (s *Schema) Small(table string) bool { return s.small[strings.ToLower(table)] }

// Column returns a finding, which says nothing yet, at the place where a column is
// declared. ok is false where the migrations' text does not tell.
func (s *Schema) Column(table, column string) (at Finding, ok bool) {
	t := s.tables[strings.ToLower(table)]
	if t == nil {
		return at, false
	}
	c := t.column(strings.ToLower(column))
	if c == nil {
		return at, false
	}
	return c.place(0).finding(""), true
}

// rows returns the table of a name that holds rows of the application's own.
func (s *Schema) rows(name string) *table { return s.tables[strings.ToLower(name)] }

// column returns the column of a name, or nil.
func (t *table) column(name string) *column {
	i := slices.IndexFunc(t.columns, func(c *column) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return t.columns[i]
}
