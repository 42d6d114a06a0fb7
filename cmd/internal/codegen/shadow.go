package codegen

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// shadows are the endings of the tables that virtual tables of a module keep their rows
// in, and make for themselves.
var shadows = map[string][]string{
	"fts3":    {"_content", "_segments", "_segdir"},
	"fts4":    {"_content", "_segments", "_segdir", "_docsize", "_stat"},
	"fts5":    {"_data", "_idx", "_content", "_docsize", "_config"},
	"rtree":   {"_node", "_parent", "_rowid"},
	"geopoly": {"_node", "_parent", "_rowid"},
}

// virtualTables adds the virtual tables that a text makes, with their modules, both in
// lower case.
func virtualTables(text string, to map[string]string) {
	for _, statement := range sqltext.Statements(sqltext.Scan(text)) {
		words := sqltext.Significant(statement)
		if len(words) < 4 || !words[0].Is("CREATE") || !words[1].Is("VIRTUAL") {
			continue
		}
		if name := statementTable(words); name != "" {
			to[name] = moduleOf(words).name
		}
	}
}

// statementTable is the table that a CREATE, ALTER, DROP or write is of, in lower case, or
// "" when it is of something else.
func statementTable(words []sqltext.Token) string {
	at := slices.IndexFunc(words[:min(len(words), 4)], func(t sqltext.Token) bool { return t.Is("TABLE") || t.Is("INTO") || t.Is("FROM") || t.Is("UPDATE") })
	if at < 0 {
		return ""
	}
	for _, word := range words[at+1:] {
		if !word.Is("IF") && !word.Is("NOT") && !word.Is("EXISTS") {
			return strings.ToLower(word.Name)
		}
	}
	return ""
}

// shadowed returns the virtual table that makes a table for itself, or "".
func shadowed(table string, virtual map[string]string) string {
	for name, module := range virtual {
		if ending, ok := strings.CutPrefix(strings.ToLower(table), name); ok && slices.Contains(shadows[module], ending) {
			return name
		}
	}
	return ""
}

// reservedName begins SQLite's refusal of a table that only a virtual table may make.
const reservedName = "object name reserved for internal use: "

// madeWithin says what to do about a migration that makes a table which SQLite keeps for
// itself.
func (b *block) madeWithin(table string) string {
	virtual := map[string]string{}
	for _, m := range b.migrations {
		virtualTables(m.text, virtual)
	}
	if name := shadowed(table, virtual); name != "" {
		return ": " + name + " makes it itself: leave it out"
	}
	return ": give it another name"
}
