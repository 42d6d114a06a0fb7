package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// Schema is what migrations make, with the places where they say so. Names are in
// lower case, for so SQLite compares them.
type Schema struct {
	tables   map[string]*table
	views    map[string][]sqltext.Token // the SELECT of each
	indexes  map[string]*index
	triggers map[string]*trigger
	small    map[string]bool
	findings []Finding // about what runs, whatever comes of it
}

// table is a table as far as the migrations' text tells.
type table struct {
	name        string
	quoted      bool // its name was written in quotes
	made        *File
	virtual     bool
	strict      bool
	keyed       bool // WITHOUT ROWID
	columns     []*column
	constraints []constraint
}

// constraint is a constraint of a table.
type constraint struct {
	file   *File
	tokens []sqltext.Token
}

// index is an index that a statement makes.
type index struct {
	table   string
	columns []string // "" for an expression
	partial bool
}

// trigger is a trigger with its text.
type trigger struct {
	table  string
	file   *File
	tokens []sqltext.Token
}

// Read reads migrations in the order in which they run.
func Read(files []File) *Schema {
	s := &Schema{
		tables: map[string]*table{}, views: map[string][]sqltext.Token{},
		indexes: map[string]*index{}, triggers: map[string]*trigger{}, small: map[string]bool{},
	}
	for i := range files {
		file := &files[i]
		for _, statement := range sqltext.Statements(file.upTokens()) {
			r := reader{schema: s, file: file, tokens: significant(statement)}
			marked := s.marks(file, statement)
			if name := r.statement(); name != "" && marked {
				s.small[name] = true
			}
		}
	}
	return s
}

// Small reports whether a table is marked as one that stays small: the mark counts for
// all tables that ever had the name, so that it outlives a rebuild.
func (s *Schema) Small(table string) bool { return s.small[strings.ToLower(table)] }

// rows returns the table of a name that holds rows of the application's own.
func (s *Schema) rows(name string) *table {
	t := s.tables[strings.ToLower(name)]
	if t == nil || t.virtual {
		return nil
	}
	return t
}

func (t *table) column(name string) *column {
	i := slices.IndexFunc(t.columns, func(c *column) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return t.columns[i]
}

// reader reads one statement of a migration.
type reader struct {
	schema *Schema
	file   *File
	tokens []sqltext.Token
	at     int
}

// take passes over the words if they are next.
func (r *reader) take(words ...string) bool {
	if !isAt(r.tokens, r.at, words...) {
		return false
	}
	r.at += len(words)
	return true
}

// name reads a name, with that of the database before it if there is one.
func (r *reader) name() string {
	if isAt(r.tokens, r.at+1, ".") {
		r.at += 2
	}
	if r.at >= len(r.tokens) {
		return ""
	}
	r.at++
	return nameOf(r.tokens[r.at-1])
}

// quoted reports whether the name read last is in quotes.
func (r *reader) quoted() bool { return r.at > 0 && r.at <= len(r.tokens) && r.tokens[r.at-1].Quoted }

// statement reads the statement, and returns the name of the table it makes.
func (r *reader) statement() (made string) {
	switch {
	case r.take("CREATE"):
		return r.create()
	case r.take("DROP"):
		r.drop()
	case r.take("ALTER", "TABLE"):
		r.alter()
	default:
		r.schema.findings = append(r.schema.findings, rollbacks(r.file, r.tokens)...)
	}
	return ""
}

func (r *reader) create() (made string) {
	_ = r.take("TEMP") || r.take("TEMPORARY") || r.take("UNIQUE")
	virtual := r.take("VIRTUAL")
	what := r.at
	r.at++
	r.take("IF", "NOT", "EXISTS")
	name := r.name()
	s := r.schema
	switch {
	case isAt(r.tokens, what, "TABLE"):
		if s.tables[name] != nil {
			return name // IF NOT EXISTS
		}
		t := &table{name: name, quoted: r.quoted(), made: r.file, virtual: virtual}
		s.tables[name] = t
		if !virtual && isAt(r.tokens, r.at, "(") {
			r.definitions(t)
		}
		return name
	case isAt(r.tokens, what, "INDEX") && r.take("ON"):
		x := &index{table: r.name()}
		end := closing(r.tokens, r.at)
		for _, term := range split(r.tokens[min(r.at+1, end):end]) {
			column := ""
			if len(term) == 1 || len(term) == 2 && (term[1].Is("ASC") || term[1].Is("DESC")) {
				column = nameOf(term[0])
			}
			x.columns = append(x.columns, column)
		}
		x.partial = isAt(r.tokens, end+1, "WHERE")
		s.indexes[name] = x
	case isAt(r.tokens, what, "VIEW"):
		for r.at < len(r.tokens) && !r.take("AS") {
			r.at++
		}
		s.views[name] = r.tokens[r.at:]
	case isAt(r.tokens, what, "TRIGGER"):
		t := &trigger{file: r.file, tokens: r.tokens}
		for r.at < len(r.tokens) && !isAt(r.tokens, r.at, "BEGIN") && t.table == "" {
			if r.take("ON") {
				t.table = r.name()
			} else {
				r.at++
			}
		}
		s.triggers[name] = t
	}
	return ""
}

func (r *reader) drop() {
	what := r.at
	r.at++
	r.take("IF", "EXISTS")
	name := r.name()
	s := r.schema
	switch {
	case isAt(r.tokens, what, "TABLE"):
		delete(s.tables, name)
		for key, x := range s.indexes {
			if x.table == name {
				delete(s.indexes, key)
			}
		}
		s.dropTriggers(name)
	case isAt(r.tokens, what, "INDEX"):
		delete(s.indexes, name)
	case isAt(r.tokens, what, "VIEW"):
		delete(s.views, name)
		s.dropTriggers(name)
	case isAt(r.tokens, what, "TRIGGER"):
		delete(s.triggers, name)
	}
}

func (s *Schema) dropTriggers(table string) {
	for key, t := range s.triggers {
		if t.table == table {
			delete(s.triggers, key)
		}
	}
}

func (r *reader) alter() {
	name := r.name()
	t := r.schema.tables[name]
	if t == nil {
		return // SQLite says so
	}
	switch {
	case r.take("RENAME", "TO"):
		r.schema.rename(t, r.name())
		t.quoted = r.quoted()
	case r.take("RENAME"):
		r.take("COLUMN")
		if c := t.column(r.name()); c != nil && r.take("TO") {
			r.schema.renameColumn(t, c, r.name())
			c.quoted = r.quoted()
		}
	case r.take("ADD"):
		r.take("COLUMN")
		if r.at < len(r.tokens) {
			c := readColumn(r.file, r.tokens[r.at:])
			c.added = t.made != r.file
			t.columns = append(t.columns, c)
		}
	case r.take("DROP"):
		r.take("COLUMN")
		dropped := r.name()
		t.columns = slices.DeleteFunc(t.columns, func(c *column) bool { return c.name == dropped })
	}
}

func (s *Schema) rename(t *table, name string) {
	for _, x := range s.indexes {
		if x.table == t.name {
			x.table = name
		}
	}
	for _, g := range s.triggers {
		if g.table == t.name {
			g.table = name
		}
	}
	if s.small[t.name] {
		s.small[name] = true
	}
	delete(s.tables, t.name)
	t.name = name
	s.tables[name] = t
}

func (s *Schema) renameColumn(t *table, c *column, name string) {
	for _, x := range s.indexes {
		if i := slices.Index(x.columns, c.name); i >= 0 && x.table == t.name {
			x.columns[i] = name
		}
	}
	c.name = name
}
