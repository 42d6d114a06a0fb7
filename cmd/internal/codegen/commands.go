package codegen

import (
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// commands are the ways to run a query, and what to write for those of sqlc that
// SQLite has no use for.
var commands = map[string]string{
	"one":        "",
	"many":       "",
	"exec":       "",
	"execrows":   "",
	"execresult": "",
	"execlastid": "",
	"copyfrom":   "",
	"batchexec":  "use :copyfrom, which runs it for many rows in one transaction",
	"batchmany":  "use :many with sqlc.slice, or once an item inside one Read",
	"batchone":   "use :one once an item inside one Read",
}

// refused are the statements that are no queries, and what to do instead.
var refused = map[string]string{
	"ATTACH":    "a tenant's connection never reaches another file",
	"DETACH":    "a tenant's connection never reaches another file",
	"PRAGMA":    "connections are set up when they are opened",
	"VACUUM":    "it is maintenance, not a query",
	"ANALYZE":   "it is maintenance: write it in a migration",
	"REINDEX":   "it is maintenance: write it in a migration",
	"EXPLAIN":   "try it in a SQLite shell",
	"BEGIN":     "use the generated Write and Read",
	"COMMIT":    "use the generated Write and Read",
	"END":       "use the generated Write and Read",
	"ROLLBACK":  "return an error from the function given to Write",
	"SAVEPOINT": "use the generated Write and Read",
	"RELEASE":   "use the generated Write and Read",
	"CREATE":    "write it in a migration",
	"ALTER":     "write it in a migration",
	"DROP":      "write it in a migration",
}

// allowed refuses what needs no look at the schema.
func (c *checker) allowed(q *sqltext.Query) bool {
	advice, known := commands[q.Command]
	switch {
	case !known:
		c.problem(q, q.Pos, "there is no :%s: use :one, :many, :exec, :execrows, :execresult, :execlastid or :copyfrom", q.Command)
		return false
	case advice != "":
		c.problem(q, q.Pos, "there is no :%s here: %s", q.Command, advice)
		return false
	}
	first := q.Tokens[0]
	switch verb := strings.ToUpper(first.Text); verb {
	case "SELECT", "WITH", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE":
		return true
	default:
		if advice, ok := refused[verb]; ok {
			c.problem(q, first.Pos, "%s is not allowed in a query: %s", verb, advice)
			return false
		}
		return true // SQLite says what is wrong with it
	}
}

// commandFits looks whether the query gives what its command promises.
func (c *checker) commandFits(r *checked) {
	q := r.text
	rows := len(r.outputs) > 0
	switch q.Command {
	case "one", "many":
		if !rows {
			c.problem(q, q.Pos, ":%s needs a result: add RETURNING, or use :exec or :execrows", q.Command)
		}
	case "copyfrom":
		if r.readOnly || len(q.Params) == 0 {
			c.problem(q, q.Pos, ":copyfrom runs a query that writes once for each of many rows: it has to write, and to have parameters")
		} else if rows {
			c.problem(q, q.Pos, ":copyfrom gives no rows back: leave RETURNING out, or use :one inside Write")
		}
	default:
		if r.readOnly {
			c.warn(q, q.Pos, ":%s of a query that only reads gives nothing back: use :one or :many", q.Command)
		} else if verb := verbOf(r.tokens); q.Command == "execlastid" && verb != "INSERT" && verb != "REPLACE" {
			c.warn(q, q.Pos, ":execlastid of %s is always 0, for it inserts no row: use :execrows, or :one with RETURNING", verb)
		}
	}
}

// verbOf returns the word that says what a statement does, behind WITH too, in upper case.
func verbOf(tokens []sqltext.Token) string {
	depth := 0
	for _, token := range tokens {
		switch {
		case token.Is("("):
			depth++
		case token.Is(")"):
			depth--
		case depth > 0 || token.Quoted:
		case token.Is("SELECT"), token.Is("VALUES"), token.Is("INSERT"), token.Is("REPLACE"), token.Is("UPDATE"), token.Is("DELETE"):
			return strings.ToUpper(token.Text)
		}
	}
	return ""
}
