package infer

import "github.com/silokit/silo/cmd/internal/codegen/sqltext"

// in reads what follows IN.
func (p *parser) in(left expr, s *scope) expr {
	result := truth(left)
	result.strict = nil // NULL IN () is false
	if !p.is("(") {     // IN table, or IN table-function(…)
		columns, _, _ := (&scope{sources: []*source{p.table(s)}}).star("")
		p.inRows(left, columns)
		result.nullable = true
		return result
	}
	p.expect("(")
	switch {
	case p.peek(0).Kind == sqltext.Param && p.peek(0).Slice:
		list := p.primary(s)
		p.match(left, list)
		result.nullable = true // an author's own type may put NULL into the list
	case p.isAny("SELECT", "WITH", "VALUES"):
		outputs := p.query(s)
		for _, o := range outputs {
			result.nullable = result.nullable || o.Nullable
		}
		p.inRows(left, outputs)
	default:
		for !p.is(")") {
			item := p.expr(s)
			p.match(left, item)
			result.nullable = result.nullable || item.nullable
			if !p.take(",") {
				break
			}
		}
	}
	p.expect(")")
	return result
}

// inRows notes that a value is compared with the rows of a query.
func (p *parser) inRows(left expr, outputs []Output) {
	parts := left.row
	if len(parts) == 0 {
		parts = []expr{left}
	}
	if len(parts) != len(outputs) {
		return
	}
	for i, o := range outputs {
		p.match(parts[i], expr{typ: o.Type, source: o.Source, uses: o.uses, param: o.param, nameless: o.nameless})
	}
}
