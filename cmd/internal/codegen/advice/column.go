package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// column is a column of a table as its definition says.
type column struct {
	name      string
	quoted    bool // its name was written in quotes
	file      *File
	added     bool            // to a table that an earlier migration made
	tokens    []sqltext.Token // the whole definition
	kind      []sqltext.Token // the declared type
	fallback  []sqltext.Token // the DEFAULT
	notNull   bool
	primary   bool
	unsorted  bool // PRIMARY KEY DESC, which is no rowid
	generated bool
}

// clauses are the words that may begin what follows a column's type.
var clauses = []string{"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"}

func beginsClause(token sqltext.Token) bool {
	return slices.ContainsFunc(clauses, func(word string) bool { return token.Is(word) })
}

// definitions reads the columns and constraints of a table, and what follows them.
func (r *reader) definitions(t *table) {
	end := closing(r.tokens, r.at)
	for _, definition := range split(r.tokens[r.at+1 : end]) {
		switch {
		case len(definition) == 0:
		case slices.ContainsFunc([]string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}, definition[0].Is):
			t.constraints = append(t.constraints, constraint{r.file, definition})
		default:
			t.columns = append(t.columns, readColumn(r.file, definition))
		}
	}
	for i := end; i < len(r.tokens); i++ {
		t.strict = t.strict || r.tokens[i].Is("STRICT")
		t.keyed = t.keyed || isAt(r.tokens, i, "WITHOUT", "ROWID")
	}
}

// readColumn reads the definition of a column.
func readColumn(file *File, tokens []sqltext.Token) *column {
	c := &column{name: nameOf(tokens[0]), quoted: tokens[0].Quoted, file: file, tokens: tokens}
	at := 1
	for at < len(tokens) && !beginsClause(tokens[at]) {
		at++
	}
	c.kind = tokens[1:at]
	for ; at < len(tokens); at++ {
		switch {
		case tokens[at].Is("("):
			at = closing(tokens, at)
		case isAt(tokens, at, "PRIMARY", "KEY"):
			c.primary, c.unsorted = true, isAt(tokens, at+2, "DESC")
		case isAt(tokens, at, "NOT", "NULL"):
			c.notNull = true
		case tokens[at].Is("AS"):
			c.generated = true
		case tokens[at].Is("DEFAULT") && !tokens[at-1].Is("SET"): // not ON DELETE SET DEFAULT
			end := at + 2 // one token
			if isAt(tokens, at+1, "(") {
				end = closing(tokens, at+1) + 1
			} else if isAt(tokens, at+1, "-") || isAt(tokens, at+1, "+") {
				end++
			}
			c.fallback = tokens[at+1 : min(end, len(tokens))]
			at = end - 1
		}
	}
	return c
}

// typeName is the declared type without its sizes, in upper case.
func (c *column) typeName() string {
	var words []string
	for _, token := range c.kind {
		if token.Is("(") {
			break
		}
		words = append(words, strings.ToUpper(nameOf(token)))
	}
	return strings.Join(words, " ")
}

func (c *column) place() place { return place{c.file, c.tokens[0].Pos} }
