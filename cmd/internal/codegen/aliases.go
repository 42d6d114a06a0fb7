package codegen

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// noAlias are the words that may follow a table's name and are no other name for it.
var noAlias = strings.Fields("ON USING JOIN LEFT RIGHT FULL INNER CROSS NATURAL WHERE GROUP HAVING ORDER LIMIT WINDOW " +
	"UNION EXCEPT INTERSECT INDEXED NOT SET RETURNING VALUES DEFAULT SELECT WITH")

// aliases returns the names that a query's FROM and JOIN give to what they read, each
// with the table's own name, in the query's order. It is for messages: what it takes
// for a table may be an expression behind a comma.
func aliases(q *sqltext.Query) (names, tables []string) {
	tokens := q.Significant()
	for i, token := range tokens {
		begins := token.Is("FROM") || token.Is("JOIN") || token.Is("UPDATE") || token.Is("INTO") || token.Is(",") && len(names) > 0
		if !begins || i+1 >= len(tokens) || tokens[i+1].Kind != sqltext.Ident {
			continue
		}
		name, at := tokens[i+1].Name, i+2
		if at < len(tokens) && tokens[at].Is("AS") {
			at++
		}
		tables = append(tables, name)
		if at < len(tokens) && tokens[at].Kind == sqltext.Ident && !slices.ContainsFunc(noAlias, tokens[at].Is) {
			name = tokens[at].Name
		}
		names = append(names, name)
	}
	return names, tables
}

// calledOtherwise returns what a query calls a table that it gives another name, or "".
func calledOtherwise(q *sqltext.Query, table string) string {
	names, tables := aliases(q)
	for i := range names {
		if strings.EqualFold(tables[i], table) && !strings.EqualFold(names[i], table) {
			return names[i]
		}
	}
	return ""
}

// starOf notes a table before .* or in sqlc.embed that the query does not read under
// that name, of which SQLite says only that there is none. ok is false when the message
// is about something else.
func (c *checker) starOf(q *sqltext.Query, message string) (ok bool) {
	table, isTable := strings.CutPrefix(message, noTable)
	if !isTable {
		return false
	}
	tokens := q.Significant()
	for i, token := range tokens {
		written := "sqlc.embed(%s)"
		switch {
		case token.Kind == sqltext.Embed && strings.EqualFold(token.Name, table):
		case token.Kind == sqltext.Ident && strings.EqualFold(token.Name, table) && i+2 < len(tokens) && tokens[i+1].Is(".") && tokens[i+2].Is("*"):
			written = "%s.*"
		default:
			continue
		}
		as := func(name string) string { return strings.Replace(written, "%s", name, 1) }
		names, tables := aliases(q)
		switch alias := calledOtherwise(q, table); {
		case slices.ContainsFunc(tables, func(t string) bool { return strings.EqualFold(t, table) }) && alias == "":
			return false // the table itself is missing
		case alias != "":
			c.problem(q, token.Pos, "%s: FROM calls it %s: write %s", as(token.Name), alias, as(alias))
		case len(names) == 0:
			c.problem(q, token.Pos, "%s: there is no FROM: write FROM %s", as(token.Name), table)
		default:
			c.problem(q, token.Pos, "%s: FROM has no %s%s", as(token.Name), table, meantOr(table, names, ": add it there, or write "+or(names, as)))
		}
		return true
	}
	return false
}

// or lists what can be written.
func or(names []string, as func(string) string) string {
	var all []string
	for _, name := range names {
		all = append(all, as(name))
	}
	return strings.Join(all, " or ")
}
