package codegen

import (
	"errors"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// checked is a query that SQLite accepts and whose types are known.
type checked struct {
	text     *sqltext.Query
	sql      string // what the generated code sends to SQLite
	params   []infer.Parameter
	outputs  []infer.Output
	readOnly bool
	session  bool // reads what the connection did before
	stated   bool // its author stated something of its columns
}

// checker examines the queries of one block.
type checker struct {
	db       Describer
	catalog  *catalog
	problems problem.List
}

// commands are the ways to run a query, and what to write for those of sqlc that
// Silo has not.
var commands = map[string]string{
	"one":        "",
	"many":       "",
	"exec":       "",
	"execrows":   "",
	"execresult": "use :execrows for the number of rows, or :one with RETURNING for what was written",
	"execlastid": "use :one with RETURNING id",
	"copyfrom":   "use :exec once a row inside one Write, which commits once",
	"batchexec":  "use :exec once an item inside one Write, which commits once",
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

func (c *checker) problem(q *sqltext.Query, line int, format string, args ...any) {
	c.problems.Add(q.File, line, "query "+q.Name+": "+format, args...)
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
	found, err := infer.Statement(q.Significant(), q.Params, c.catalog)
	if err != nil {
		var lost *infer.LostError
		line := q.Line
		if errors.As(err, &lost) {
			line = q.LineOf(lost.Pos)
		}
		c.problem(q, line, "%v", err)
		return nil, false
	}
	q.Expand(found.Stars)
	described, ok := c.describe(q)
	if !ok {
		return nil, false
	}
	if len(described.Params) != len(q.Params) || len(described.Columns) != len(found.Outputs) {
		c.problem(q, q.Line, "SQLite finds %d parameters and %d columns in it, silo %d and %d: please report this query",
			len(described.Params), len(described.Columns), len(q.Params), len(found.Outputs))
		return nil, false
	}
	result = &checked{
		text:     q,
		sql:      q.Text(),
		params:   found.Params,
		outputs:  found.Outputs,
		readOnly: described.ReadOnly,
		session:  found.Session,
	}
	for i, param := range q.Params {
		result.params[i].Nullable = result.params[i].Nullable || param.Nullable
	}
	c.hints(result)
	c.commandFits(result)
	c.typesKnown(result)
	c.embedsFit(result)
	return result, c.problems.Len() == before
}

// allowed refuses what needs no look at the schema.
func (c *checker) allowed(q *sqltext.Query) bool {
	advice, known := commands[q.Command]
	switch {
	case !known:
		c.problem(q, q.Line, "there is no :%s: use :one, :many, :exec or :execrows", q.Command)
		return false
	case advice != "":
		c.problem(q, q.Line, "there is no :%s here: %s", q.Command, advice)
		return false
	}
	first := q.Tokens[0]
	switch verb := strings.ToUpper(first.Text); verb {
	case "SELECT", "WITH", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE":
		return true
	default:
		if advice, ok := refused[verb]; ok {
			c.problem(q, q.LineOf(first.Pos), "%s is not allowed in a query: %s", verb, advice)
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
		c.problem(q, q.Line, "%v", err)
		return described, false
	}
	c.problem(q, q.LineAt(refusal.Offset), "SQLite: %s", refusal.Message)
	return described, false
}

// commandFits looks whether the query gives what its command promises.
func (c *checker) commandFits(r *checked) {
	q := r.text
	rows := len(r.outputs) > 0
	switch q.Command {
	case "one", "many":
		if !rows {
			c.problem(q, q.Line, ":%s needs a result: add RETURNING, or use :exec or :execrows", q.Command)
		}
	case "exec", "execrows":
		if r.readOnly {
			c.problem(q, q.Line, ":%s of a query that only reads gives nothing back: use :one or :many", q.Command)
		}
	}
}

// typesKnown looks whether every parameter and column has a type in Go.
func (c *checker) typesKnown(r *checked) {
	q := r.text
	for i, param := range r.params {
		p := q.Params[i]
		line := q.LineOf(p.Pos)
		written := "@" + p.Name
		if p.Name == "" {
			written = "?"
		}
		switch {
		case param.Conflict != "":
			c.problem(q, line, "the type of %s is not clear, for %s: use two parameters, or CAST(%s AS INTEGER), AS TEXT and so on in every place",
				p, param.Conflict, written)
		case param.Type == infer.Unknown:
			c.problem(q, line, "the type of %s is not clear: write CAST(%s AS INTEGER), AS REAL, AS TEXT or AS BLOB, or the comment -- @param %s datetime above",
				p, written, hintName(p))
		case p.Slice:
			if _, ok := listOf(param.Type); !ok {
				c.problem(q, line, "sqlc.slice(%s) would be a list of %s: there are lists of INTEGER and TEXT only", p.Name, param.Type)
			}
		}
	}
	for i, output := range r.outputs {
		if _, ok := typeOf(output.Type, output.Nullable); !ok {
			name := output.Name
			if name == "" {
				name = "…"
			}
			c.problem(q, q.Line, "the type of column %d (%s) is not clear: write CAST(… AS INTEGER), AS REAL, AS TEXT or AS BLOB and a name behind it, or the comment -- @column %s datetime above",
				i+1, name, name)
		}
	}
}

// embedsFit refuses an embedded table whose row may be missing.
func (c *checker) embedsFit(r *checked) {
	var last *infer.Embed
	for _, output := range r.outputs {
		embed := output.Embed
		if embed == nil || embed == last {
			continue
		}
		last = embed
		line := r.text.LineOf(embed.Pos)
		if embed.Table == "" {
			c.problem(r.text, line, "sqlc.embed(%s): it is no table: name its columns instead", embed.Name)
		} else if embed.Nullable {
			c.problem(r.text, line, "sqlc.embed(%s): an outer join may find no row for it: name its columns instead", embed.Name)
		}
	}
}
