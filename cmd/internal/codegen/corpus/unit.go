package corpus

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Unit is one package that a project has sqlc generate: a schema and queries on it.
type Unit struct {
	Name  string   // the configuration's folder below the corpus, with #2 for its second block
	Notes []string // what of it was passed over

	settings       settings
	schema         []sqlFile
	queries        []sqlFile
	refusedOptions int  // that were left out, entries of overrides too
	guessed        bool // there is no configuration: it may be for another database
}

// sqlFile is a file of a project.
type sqlFile struct {
	path       string // relative to the corpus, with slashes
	text       string
	statements []statement
}

// Query is one named statement of a unit, with what became of it.
type Query struct {
	Unit    string `json:"unit"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Name    string `json:"query"`
	Command string `json:"command"`

	// Handled says that plain sqlc generates code for it.
	Handled bool `json:"handled"`
	// Runnable says that SQLite, as a program opens it without Silo, applies the schema
	// and prepares the query. It is looked for where Silo refuses a query.
	Runnable bool `json:"runnable"`
	// Class is what Silo made of it.
	Class Class `json:"class"`
	// Reason is why the class is not Accepted.
	Reason string `json:"reason,omitempty"`
	// Draws counts its runs that were compared with those by hand, Rows their rows.
	Draws int `json:"draws"`
	Rows  int `json:"rows"`

	reasons   []string
	statement statement
	file      int // its index in the unit's queries
	last      int // its last line
}

// Class is what became of a query.
type Class string

// The classes.
const (
	Accepted      Class = "accepted"        // generated, compiles, and nothing is wrong
	Refused       Class = "refused"         // the generator gave a reason
	NotCompiling  Class = "not compiling"   // generated, and the Go compiler refuses it
	Never         Class = "never succeeded" // accepted, and fails each time it is run, as by hand
	NotTried      Class = "not tried"       // this program failed with its unit
	Wrong         Class = "wrong"           // does something else than the SQL by hand
	NotComparable Class = "not comparable"  // accepted, but two runs of it differ by their nature
)

// readFile reads a file of the corpus as sqlc would.
func readFile(root, file string) (sqlFile, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return sqlFile{}, err
	}
	relative, err := filepath.Rel(root, file)
	if err != nil {
		return sqlFile{}, err
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	return sqlFile{path: filepath.ToSlash(relative), text: text, statements: statements(text)}, nil
}

// named returns the named statements of a unit. A name given twice is one query, the
// first: sqlc and Silo refuse the file.
func (u *Unit) named() []*Query {
	var all []*Query
	for n, file := range u.queries {
		for _, s := range file.statements {
			if s.name == "" || s.empty() {
				continue
			}
			first, last := s.lines(file.text)
			all = append(all, &Query{
				Unit: u.Name, File: file.path, Line: first, Name: s.name, Command: s.command,
				Class: Accepted, statement: s, file: n, last: last,
			})
		}
	}
	return all
}

// lines returns the first and last line of a statement, from its name on.
func (s statement) lines(text string) (first, last int) {
	for _, t := range s.tokens {
		if t.kind == tokenComment && nameComment.MatchString(t.text) {
			return 1 + strings.Count(text[:t.pos], "\n"), 1 + strings.Count(text[:s.end], "\n")
		}
	}
	return 1 + strings.Count(text[:s.start], "\n"), 1 + strings.Count(text[:s.end], "\n")
}

// key is what a unit is made of: one project may have several configurations that differ
// in what is nothing to Silo, such as another language's generator.
func (u *Unit) key() string {
	options := newOptions(&Unit{settings: u.settings}, u.packageName(), "")
	key := options.config(nil)
	for _, file := range slices.Concat(u.schema, u.queries) {
		key += "\x00" + file.path
	}
	return key
}

// without returns a file with statements made blank, so that the others stay where they
// were.
func (f *sqlFile) without(leaveOut func(statement) bool) string {
	text := []byte(f.text)
	for _, s := range f.statements {
		if !leaveOut(s) {
			continue
		}
		for i := s.start; i < s.end; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return string(text)
}
