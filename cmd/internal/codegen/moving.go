package codegen

import "github.com/silokit/silo/cmd/internal/codegen/sqltext"

// hasActions reports whether a table's text says that a foreign key changes its rows
// when others are changed: ON DELETE SET NULL, ON UPDATE CASCADE and so on. What goes
// with its row, by ON DELETE CASCADE, is not changed.
func hasActions(table []sqltext.Token) bool {
	for i := 2; i < len(table); i++ {
		on := table[i-2].Is("ON")
		if on && table[i-1].Is("UPDATE") || on && table[i-1].Is("DELETE") && table[i].Is("SET") {
			return true
		}
	}
	return false
}

// writtenBy returns the tables that a trigger inserts into or updates, in lower case.
func writtenBy(trigger []sqltext.Token) []string {
	var tables []string
	for i, token := range trigger {
		at := i + 1
		switch {
		case token.Is("INTO"):
		case token.Is("UPDATE"):
			if at+1 < len(trigger) && trigger[at].Is("OR") {
				at += 2
			}
		default:
			continue
		}
		if at < len(trigger) {
			tables = append(tables, trigger[at].Folded())
		}
	}
	return tables
}
