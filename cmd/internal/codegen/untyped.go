package codegen

import "github.com/silokit/silo/cmd/internal/codegen/infer"

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
			b.problem(q, output.Pos, "the type of column %d (%s) is not clear%s, or give it a type under overrides in the options, such as {column: %s.%s, go_type: string}, or write the comment -- @column %s text above",
				i+1, output.Name, because(output.Why), column.Table, column.Column, output.Name)
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

// because puts a reason behind a statement.
func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
