package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// column is a column of a table as its definition says.
type column struct {
	definition
	name      string
	kind      []sqltext.Token // the declared type
	fallback  []sqltext.Token // the DEFAULT
	notNull   bool
	primary   bool
	unsorted  bool // PRIMARY KEY DESC, which is no rowid
	generated bool
}

// clauses are the words that may begin what follows a column's type.
var clauses = []string{"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"}

// beginsClause reports whether a token ends a column's type.
func beginsClause(token sqltext.Token) bool {
	return slices.ContainsFunc(clauses, func(word string) bool { return token.Is(word) })
}

// isConstraint reports whether a part of a table's definition is one of the whole table.
func isConstraint(part []sqltext.Token) bool {
	return slices.ContainsFunc([]string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}, part[0].Is)
}

// readColumn reads the definition of a column.
func readColumn(tokens []sqltext.Token, said saying) *column {
	c := &column{definition: definition{tokens, said}, name: nameOf(tokens[0])}
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
