package codegen

import (
	"errors"
	"fmt"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// checker examines the queries of one block.
type checker struct {
	db        *sqlcheck.DB
	kind      string // of the block
	catalog   *catalog
	tables    []string          // and views
	temporary map[string]bool   // tables and views that are gone when the migrations have run, in lower case
	elsewhere map[string]string // tables of other blocks, in lower case, with the blocks' packages
	types     typer
	problems  problem.List
}

// problem notes what is wrong at a place in the query's file.
func (c *checker) problem(q *sqltext.Query, pos int, format string, args ...any) {
	c.note(problem.Error, q, pos, fmt.Sprintf(format, args...))
}

// warn notes what is probably not meant.
func (c *checker) warn(q *sqltext.Query, pos int, format string, args ...any) {
	c.note(problem.Warning, q, pos, fmt.Sprintf(format, args...))
}

// note makes a problem of a message about a place in the query's file.
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
	result = &checked{text: q, tokens: q.Significant(), hints: readHints(q)}
	result.stated = statedParams(q, result.hints)
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
	result.gist = gist(q)
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
		if !c.concerns(note) {
			continue
		}
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

// concerns reports whether a note is about values that the column's Go type cannot be
// read from: what the types that overrides choose read, only these know.
func (c *checker) concerns(note infer.Note) bool {
	if note.Into == (infer.Source{}) {
		return true
	}
	columns, _ := c.catalog.Table(note.Into.Table)
	for _, column := range columns {
		if column.Source == note.Into {
			of, ok := c.types.of(column)
			return ok && readings[of.method()].kinds == readings[base[column.Type].method].kinds
		}
	}
	return true
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
	if text, ok := advice.Misquoted(refusal.Message); ok {
		if was, ok := q.Requote(text, refusal.Offset); ok {
			c.warn(q, was.Pos, "%s is a string here only because no column is called so: write %s", was.Text, sqltext.Literal(text))
			return c.describe(q)
		}
	}
	if c.starOf(q, refusal.Message) {
		return described, false
	}
	pos := q.PosAt(refusal.Offset)
	if refusal.Offset < 0 {
		pos = namedIn(q, refusal.Message)
	}
	c.problem(q, pos, "SQLite: %s", c.explained(q, pos, refusal.Message))
	return described, false
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
