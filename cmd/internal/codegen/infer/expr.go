package infer

import (
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// expr is what is known of an expression.
type expr struct {
	typ       Type
	nullable  bool
	param     int    // the number of the parameter that it is and nothing else
	name      string // what a result column of it is called
	table     string // the table it is read from unchanged
	origin    string // the column of that table
	aggregate bool   // it holds an aggregate function over the rows around it
	named     bool   // SQLite knows a column of it by name, and not by its text
	literal   bool
	nonzero   bool   // it is a number other than 0, written out
	row       []expr // the parts of a row value

	strict []key // it is NULL when one of these is
	proves []key // these are not NULL when it is true
}

func (e expr) output() Output {
	return Output{Column: Column{Name: e.name, Type: e.typ, Nullable: e.nullable}, Table: e.table, Origin: e.origin, param: e.param, named: e.named}
}

// truth returns a condition that is NULL when a part of it is.
func truth(parts ...expr) expr {
	result := expr{typ: Bool}
	for _, part := range parts {
		result.nullable = result.nullable || part.nullable
		result.aggregate = result.aggregate || part.aggregate
		result.strict = append(result.strict, part.strict...)
	}
	result.proves = result.strict
	return result
}

// calculated returns an arithmetic result, which is NULL when a part of it is.
func calculated(t Type, parts ...expr) expr {
	result := truth(parts...)
	result.typ = t
	return result
}

// The bounds of what is read. SQLite's own limit is 1,000 expressions within each
// other; parts of a statement are read several times, twice as often within each other.
const (
	maxDepth = 2_000
	maxSteps = 200_000
)

func (p *parser) expr(s *scope) expr {
	p.depth++
	p.steps++
	if p.depth > maxDepth || p.steps > maxSteps {
		p.fail("it is too deep to follow its types: write it in another way")
	}
	e := p.or(s)
	p.depth--
	return e
}

func (p *parser) or(s *scope) expr {
	e := p.and(s)
	for p.take("OR") {
		right := p.and(s)
		p.place(e, Bool)
		p.place(right, Bool)
		e = truth(e, right)
		e.strict, e.proves = nil, nil
	}
	return e
}

func (p *parser) and(s *scope) expr {
	e := p.not(s)
	for p.take("AND") {
		right := p.not(s)
		p.place(e, Bool)
		p.place(right, Bool)
		proves := append(append([]key{}, e.proves...), right.proves...)
		e = truth(e, right)
		e.strict, e.proves = nil, proves
	}
	return e
}

func (p *parser) not(s *scope) expr {
	if p.is("NOT") && !p.peek(1).Is("EXISTS") {
		p.at++
		e := p.not(s)
		p.place(e, Bool)
		result := truth(e)
		return result
	}
	if p.take("NOT") {
		return p.not(s)
	}
	return p.equality(s)
}

func (p *parser) equality(s *scope) expr {
	e := p.comparison(s)
	for {
		switch {
		case p.takeAny("=", "==", "<>", "!="):
			right := p.comparison(s)
			p.match(e, right)
			e = truth(e, right)
		case p.take("IS"):
			e = p.isTest(e, s)
		case p.take("ISNULL"):
			e = expr{typ: Bool, aggregate: e.aggregate}
		case p.take("NOTNULL"), p.take("NOT", "NULL"):
			e = expr{typ: Bool, aggregate: e.aggregate, proves: e.strict}
		case p.take("NOT", "BETWEEN"), p.take("BETWEEN"):
			low := p.comparison(s)
			p.expect("AND")
			high := p.comparison(s)
			p.suggest(low, prefixed("from_", e.origin))
			p.suggest(high, prefixed("to_", e.origin))
			p.match(e, low)
			p.match(e, high)
			proves := e.strict
			e = truth(e, low, high)
			e.strict, e.proves = nil, proves
		case p.take("NOT", "IN"):
			e = p.in(e, s)
			e.proves = nil // NULL is not in a list that is empty
		case p.take("IN"):
			e = p.in(e, s)
		case p.isPattern():
			e = p.pattern(e, s)
		default:
			return e
		}
	}
}

func prefixed(prefix, column string) string {
	if column == "" {
		return ""
	}
	return prefix + column
}

// isTest reads what follows IS.
func (p *parser) isTest(left expr, s *scope) expr {
	negated := p.take("NOT")
	distinct := p.take("DISTINCT", "FROM")
	right := p.comparison(s)
	p.identical(left, right)
	result := expr{typ: Bool, aggregate: left.aggregate || right.aggregate}
	if negated && !distinct && right.typ == Null {
		result.proves = left.strict
	}
	return result
}

func (p *parser) in(left expr, s *scope) expr {
	result := truth(left)
	if !p.is("(") { // IN table
		p.primary(s)
		result.nullable = true
		return result
	}
	p.expect("(")
	switch {
	case p.peek(0).Kind == sqltext.Param && p.peek(0).Slice:
		param := p.next()
		p.place(expr{param: param.Number}, left.typ)
	case p.isAny("SELECT", "WITH", "VALUES"):
		outputs := p.query(s)
		for _, o := range outputs {
			result.nullable = result.nullable || o.Nullable
		}
		if len(outputs) == 1 {
			p.place(left, outputs[0].Type)
		}
	default:
		for !p.is(")") {
			item := p.expr(s)
			p.match(left, item)
			result.nullable = result.nullable || item.nullable
			result.aggregate = result.aggregate || item.aggregate
			if !p.take(",") {
				break
			}
		}
	}
	p.expect(")")
	result.strict = nil // NULL IN () is false
	return result
}

func (p *parser) isPattern() bool {
	at := 0
	if p.is("NOT") {
		at = 1
	}
	for _, word := range []string{"LIKE", "GLOB", "MATCH", "REGEXP"} {
		if p.peek(at).Is(word) {
			return true
		}
	}
	return false
}

func (p *parser) pattern(left expr, s *scope) expr {
	p.take("NOT")
	match := p.next().Is("MATCH")
	right := p.comparison(s)
	p.place(left, Text)
	p.place(right, Text)
	if p.take("ESCAPE") {
		p.place(p.comparison(s), Text)
	}
	if match {
		return expr{typ: Bool, nullable: left.nullable || right.nullable}
	}
	return truth(left, right)
}
