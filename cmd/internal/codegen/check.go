package codegen

import (
	"errors"
	"fmt"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// checked is a query that SQLite accepts and whose types are known.
type checked struct {
	text     *sqltext.Query
	tokens   []sqltext.Token   // of the text before its stars were written out
	stated   []infer.Parameter // what its author, or sqlc, says of its parameters
	sql      string            // what the generated code sends to SQLite
	params   []parameter
	outputs  []infer.Output
	readOnly bool
	session  bool // reads what the connection did before
	reshaped bool // its author stated something of its columns
}

// parameter is what is known of a parameter, and whether its author stated it.
type parameter struct {
	infer.Parameter
	stated bool
}

func parameters(found []infer.Parameter) []parameter {
	params := make([]parameter, len(found))
	for i := range found {
		params[i].Parameter = found[i]
	}
	return params
}

// checker examines the queries of one block.
type checker struct {
	db        *sqlcheck.DB
	catalog   *catalog
	tables    []string          // and views
	elsewhere map[string]string // tables of other blocks, in lower case, with the blocks' packages
	problems  problem.List
}

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

// problem notes what is wrong at a place in the query's file.
func (c *checker) problem(q *sqltext.Query, pos int, format string, args ...any) {
	c.note(problem.Error, q, pos, fmt.Sprintf(format, args...))
}

// warn notes what is probably not meant.
func (c *checker) warn(q *sqltext.Query, pos int, format string, args ...any) {
	c.note(problem.Warning, q, pos, fmt.Sprintf(format, args...))
}

func (c *checker) note(severity problem.Severity, q *sqltext.Query, pos int, message string) {
	c.problems.Put(problem.Problem{
		File: q.File, Line: q.LineOf(pos), Column: q.ColumnOf(pos), Severity: severity, Query: q.Name, Message: message,
	})
}

// check examines one query. ok is false when it found something wrong with it.
func (c *checker) check(q *sqltext.Query) (result *checked, ok bool) {
	before := c.problems.Len()
	if !c.allowed(q) {
		return nil, false
	}
	// SQLite reads the text first, so that what comes after can rely on it, and reads
	// it again as it will be sent.
	if _, ok := c.describe(q); !ok {
		return nil, false
	}
	result = &checked{text: q, tokens: q.Significant(), stated: statedParams(q)}
	found, err := infer.Statement(result.tokens, q.Params, c.catalog, result.stated)
	if err != nil {
		var lost *infer.LostError
		pos := q.Pos
		if errors.As(err, &lost) {
			pos = lost.Pos
		}
		c.problem(q, pos, "%v", err)
		return nil, false
	}
	q.Expand(found.Stars)
	for i, param := range q.Params {
		if param.Slice && found.Params[i].Type == infer.Blob {
			q.HexList(param.Number)
		}
	}
	described, ok := c.describe(q)
	if !ok {
		return nil, false
	}
	if described.Params != len(q.Params) || len(described.Columns) != len(found.Outputs) {
		c.problem(q, q.Pos, "SQLite finds %d parameters and %d columns in it, silo %d and %d: please report this query",
			described.Params, len(described.Columns), len(q.Params), len(found.Outputs))
		return nil, false
	}
	result.sql, result.readOnly, result.session = q.Text(), described.ReadOnly, found.Session || c.catalog.session.askedBy(result.tokens, described.ReadOnly)
	for _, note := range found.Notes {
		if note.Refuse {
			c.problem(q, note.Pos, "%s", note.Text)
		} else {
			c.warn(q, note.Pos, "%s", note.Text)
		}
	}
	c.take(result, found)
	c.commandFits(result)
	c.embedsFit(result)
	return result, c.problems.Len() == before
}

// take gives a query what was found out about its parameters and columns, and what its
// author says of them.
func (c *checker) take(r *checked, found infer.Result) {
	r.params, r.outputs = parameters(found.Params), found.Outputs
	for i, param := range r.text.Params {
		r.params[i].Nullable = r.params[i].Nullable || param.Nullable
	}
	c.hints(r)
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

// describe asks SQLite about the query as it stands.
func (c *checker) describe(q *sqltext.Query) (sqlcheck.Statement, bool) {
	described, err := c.db.Describe(q.Text())
	if err == nil {
		return described, true
	}
	var refusal *sqlcheck.Error
	if !errors.As(err, &refusal) {
		c.problem(q, q.Pos, "%v", err)
		return described, false
	}
	pos := q.PosAt(refusal.Offset)
	if refusal.Offset < 0 {
		pos = namedIn(q, refusal.Message)
	}
	c.problem(q, pos, "SQLite: %s", c.explained(refusal.Message))
	return described, false
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
		}
	}
}

// embedsFit refuses what is embedded and no table.
func (c *checker) embedsFit(r *checked) {
	var last *infer.Embed
	for _, output := range r.outputs {
		embed := output.Embed
		if embed == nil || embed == last {
			continue
		}
		last = embed
		if embed.Table == "" {
			c.problem(r.text, embed.Pos, "sqlc.embed(%s): it is no table: name its columns instead", embed.Name)
		}
	}
}
