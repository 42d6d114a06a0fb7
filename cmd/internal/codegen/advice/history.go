package advice

import (
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// history is what migrations say, by the names that things have in the end.
type history struct {
	tables   map[string]*tableSaid
	triggers map[string]saying
	small    map[string]bool // by all names that tables ever had
	findings []Finding       // about what runs, whatever comes of it
	last     saying          // the beginning of the last migration
}

// saying is a part of a migration.
type saying struct {
	file   *File
	tokens []sqltext.Token // at least one
	added  bool            // a column, to a table that an earlier migration made
}

// tableSaid is where a table and its parts are made.
type tableSaid struct {
	made        saying
	columns     map[string]saying
	constraints []saying
}

// readHistory reads migrations in the order in which they run.
func readHistory(files []File) *history {
	h := &history{
		tables: map[string]*tableSaid{}, triggers: map[string]saying{}, small: map[string]bool{},
		last: saying{file: &File{}, tokens: make([]sqltext.Token, 1)},
	}
	for i := range files {
		file := &files[i]
		h.last.file = file
		h.findings = append(h.findings, file.noTransaction()...)
		for _, statement := range sqltext.Statements(file.upTokens()) {
			r := reader{history: h, file: file, tokens: sqltext.Significant(statement)}
			h.findings = append(h.findings, file.idle(r.tokens)...)
			marked := h.marks(file, statement)
			if name := r.statement(); name != "" && marked {
				h.small[name] = true
			}
		}
	}
	return h
}

// table returns where a table of the last schema is made.
func (h *history) table(name string) *tableSaid {
	if t := h.tables[name]; t != nil {
		return t
	}
	return &tableSaid{made: h.last}
}

// trigger returns where a trigger of the last schema is made.
func (h *history) trigger(name string) saying {
	if t, ok := h.triggers[name]; ok {
		return t
	}
	return h.last
}

// column returns where a column is made, or the table if that cannot be told, as of
// CREATE TABLE … AS SELECT.
func (t *tableSaid) column(name string) saying {
	if c, ok := t.columns[name]; ok {
		return c
	}
	return t.made
}

// constraint returns where the nth constraint is made, or the table.
func (t *tableSaid) constraint(n int) saying {
	if n < len(t.constraints) {
		return t.constraints[n]
	}
	return t.made
}

// reader reads one statement of a migration.
type reader struct {
	history *history
	file    *File
	tokens  []sqltext.Token
	at      int
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

// saying makes one of tokens of the statement.
func (r *reader) saying(tokens []sqltext.Token) saying { return saying{file: r.file, tokens: tokens} }

// statement reads the statement, and returns the name of the table it makes.
func (r *reader) statement() (made string) {
	switch {
	case r.take("CREATE"):
		return r.create()
	case r.take("DROP", "TABLE"):
		r.take("IF", "EXISTS")
		delete(r.history.tables, r.name())
	case r.take("ALTER", "TABLE"):
		r.alter()
	case len(r.tokens) > 0:
		r.history.findings = append(r.history.findings, rollbacks(definition{r.tokens, r.saying(r.tokens)})...)
	}
	return ""
}

// create reads what follows CREATE, and returns the name of the table it makes.
func (r *reader) create() (made string) {
	_ = r.take("TEMP") || r.take("TEMPORARY")
	r.take("VIRTUAL")
	what := r.at
	r.at++
	r.take("IF", "NOT", "EXISTS")
	name := r.name()
	switch {
	case isAt(r.tokens, what, "TABLE"):
		if r.history.tables[name] == nil { // IF NOT EXISTS
			r.history.tables[name] = r.table()
		}
		return name
	case isAt(r.tokens, what, "TRIGGER"):
		r.history.triggers[name] = r.saying(r.tokens)
	}
	return ""
}

// table reads what follows the name of a table that is made.
func (r *reader) table() *tableSaid {
	t := &tableSaid{made: r.saying(r.tokens[:1]), columns: map[string]saying{}}
	if !isAt(r.tokens, r.at, "(") {
		return t
	}
	for _, part := range split(r.tokens[r.at+1 : closing(r.tokens, r.at)]) {
		switch {
		case len(part) == 0:
		case isConstraint(part):
			t.constraints = append(t.constraints, r.saying(part))
		default:
			t.columns[nameOf(part[0])] = r.saying(part)
		}
	}
	return t
}

// alter follows names, by which the parts of the last schema are found again.
func (r *reader) alter() {
	name := r.name()
	t := r.history.tables[name]
	if t == nil {
		return // SQLite says so
	}
	switch {
	case r.take("RENAME", "TO"):
		renamed := r.name()
		delete(r.history.tables, name)
		r.history.tables[renamed] = t
		r.history.small[renamed] = r.history.small[renamed] || r.history.small[name]
	case r.take("RENAME"):
		r.take("COLUMN")
		column := r.name()
		if c, ok := t.columns[column]; ok && r.take("TO") {
			delete(t.columns, column)
			t.columns[r.name()] = c
		}
	case r.take("ADD"):
		r.take("COLUMN")
		if r.at < len(r.tokens) {
			c := r.saying(r.tokens[r.at:])
			c.added = t.made.file != r.file
			t.columns[nameOf(r.tokens[r.at])] = c
		}
	}
}
