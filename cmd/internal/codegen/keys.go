package codegen

import (
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// keyColumns returns the columns that a table's text declares PRIMARY KEY, in lower
// case.
//
// SQLite lets them be NULL unless they are the row's number or the table has none
// (https://www.sqlite.org/lang_createtable.html#the_primary_key). Nobody means that of
// a key: in Go it is a value, and reading a row whose key is NULL is an error.
func keyColumns(table []sqltext.Token) map[string]bool {
	keys := map[string]bool{}
	depth, first := 0, 0 // first is the token that begins the part at hand
	for i, token := range table {
		switch {
		case token.Is("("):
			depth++
			if depth == 1 {
				first = i + 1
			}
		case token.Is(")"):
			depth--
			if depth == 0 {
				return keys
			}
		case token.Is(",") && depth == 1:
			first = i + 1
		case depth == 1 && i > first && token.Is("KEY") && table[i-1].Is("PRIMARY"):
			if i+1 < len(table) && table[i+1].Is("(") {
				listed(keys, table[i+2:])
			} else {
				keys[table[first].Folded()] = true
			}
		}
	}
	return keys
}

// listed adds the columns of a list in parentheses, which may have COLLATE and DESC
// behind them.
func listed(keys map[string]bool, list []sqltext.Token) {
	begins := true
	for _, token := range list {
		switch {
		case token.Is(")"):
			return
		case begins:
			keys[token.Folded()] = true
		}
		begins = token.Is(",")
	}
}
