package codegen

import (
	"fmt"
	"slices"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// typesKnown looks whether every parameter and column has a type in Go.
func (b *builder) typesKnown(r *checked) {
	q := r.text
	before := b.problems.Len()
	for i, param := range r.params {
		p := q.Params[i]
		written := "@" + p.Name
		if p.Name == "" {
			written = "?"
		}
		column, clear := b.parameterColumn(r, i)
		if !clear || b.override(column) != nil {
			continue
		}
		switch {
		case param.Conflict != "":
			b.problem(q, p.Pos, "the type of %s is not clear, for %s: use two parameters, or CAST(%s AS INTEGER), AS TEXT and so on in every place",
				p, param.Conflict, written)
		case param.Type == infer.Unknown && p.Slice:
			b.problem(q, p.Pos, "the type of the list %s is not clear%s: write the comment -- @param %s text above", p.Name, because(param.Why), hintName(p))
		case param.Type == infer.Unknown:
			b.problem(q, p.Pos, "the type of %s is not clear%s: write CAST(%s AS INTEGER), AS REAL, AS TEXT or AS BLOB, or the comment -- @param %s text above",
				p, because(param.Why), written, hintName(p))
		case p.Slice:
			if _, ok := b.listOf(column); !ok {
				b.problem(q, p.Pos, "sqlc.slice(%s) would be a list of %s: there are lists of INTEGER, REAL, TEXT, BLOB, BOOLEAN and DATETIME", p.Name, param.Type)
			}
		}
	}
	if b.problems.Len() > before {
		return // a column may be the parameter that has no type
	}
	for i, output := range r.outputs {
		if _, ok := b.of(output.Column); ok || output.Embed != nil {
			continue
		}
		if column := output.Source; column.Table != "" && column.Column != "" {
			b.untyped(column, output.Why, q.Name)
			continue
		}
		if output.Name == "" {
			b.problem(q, output.Pos, "the type of column %d is not clear%s: write CAST(… AS INTEGER), AS REAL, AS TEXT or AS BLOB, and AS some_name behind it",
				i+1, because(output.Why))
			continue
		}
		b.problem(q, output.Pos, "the type of column %d (%s) is not clear%s: write CAST(… AS INTEGER), AS REAL, AS TEXT or AS BLOB and a name behind it, or the comment -- @column %s text above",
			i+1, output.Name, because(output.Why), output.Name)
	}
}

// untyped notes a column of a table that a query reads and that has no type in Go, once
// for all such queries.
func (b *builder) untyped(column infer.Source, why, query string) {
	i := slices.IndexFunc(b.unreadable, func(u unreadable) bool { return u.column == column })
	if i < 0 {
		i = len(b.unreadable)
		b.unreadable = append(b.unreadable, unreadable{column: column, why: why})
	}
	if u := &b.unreadable[i]; !slices.Contains(u.queries, query) {
		u.queries = append(u.queries, query)
	}
}

// unreadable is a column without a type in Go, and the queries that read it.
type unreadable struct {
	column  infer.Source
	why     string
	queries []string
}

// noteUnreadable makes a problem of each column without a type that is read, where the
// migrations declare it.
func (b *builder) noteUnreadable() {
	for _, u := range b.unreadable {
		table, column := u.column.Table, u.column.Column
		readers := "query " + u.queries[0]
		if more := len(u.queries) - 1; more > 0 {
			readers = fmt.Sprintf("queries %s and %d more", u.queries[0], more)
		}
		p := b.columnAt(table, column)
		p.Queries = u.queries
		p.Message = fmt.Sprintf("the type of %s.%s, for %s, is not clear%s, or give it a type under overrides in the options, such as {column: %s.%s, go_type: string}, or write the comment -- @column %s text above the query",
			table, column, readers, because(u.why), table, column, column)
		b.problems.Put(p)
	}
}

// because puts a reason behind a statement.
func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
