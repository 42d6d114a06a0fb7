package infer

import (
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// nonzero reports whether a number is not 0, also once it is cut to an integer, as %
// does.
func nonzero(number string) bool {
	n, err := strconv.ParseInt(number, 0, 64)
	if err == nil {
		return n != 0
	}
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && f >= 1
}

// primary reads an operand.
func (p *parser) primary(s *scope) expr {
	token := p.next()
	switch token.Kind {
	case sqltext.Param:
		return expr{param: token.Number, nullable: p.known[token.Number-1].Nullable}
	case sqltext.Number:
		e := expr{typ: Real, literal: true, nonzero: nonzero(token.Text)}
		if strings.HasPrefix(strings.ToLower(token.Text), "0x") || !strings.ContainsAny(token.Text, ".eE") {
			e.typ = Integer
		}
		return e
	case sqltext.String:
		return expr{typ: Text, literal: true, name: token.Text}
	case sqltext.Blob:
		return expr{typ: Blob, literal: true}
	}
	p.at--
	switch {
	case p.take("NULL"):
		return expr{typ: Null, nullable: true, literal: true}
	case p.is("("):
		return p.parenthesized(s)
	case p.take("EXISTS"):
		p.expect("(")
		p.query(s)
		p.expect(")")
		return expr{typ: Bool, name: "exists"}
	case p.take("CASE"):
		return p.caseOf(s)
	case p.is("CAST", "("):
		return p.cast(s)
	case p.takeAny("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"):
		return expr{typ: Text}
	case token.Kind == sqltext.Ident && p.peek(1).Is("("):
		return p.call(s)
	case token.Kind == sqltext.Ident:
		return p.column(s)
	}
	p.lost()
	return expr{}
}

func (p *parser) parenthesized(s *scope) expr {
	p.expect("(")
	if p.isAny("SELECT", "WITH", "VALUES") {
		outputs := p.query(s)
		p.expect(")")
		result := expr{nullable: true}
		if len(outputs) == 1 {
			result.typ = outputs[0].Type
			result.name = outputs[0].Name
			result.nullable = outputs[0].Nullable || !p.oneRow
		}
		return result
	}
	e := p.expr(s)
	if p.is(",") {
		row := []expr{e}
		for p.take(",") {
			row = append(row, p.expr(s))
		}
		e = truth(row...)
		e.typ, e.row, e.strict, e.proves = Unknown, row, nil, nil
	}
	p.expect(")")
	return e
}

func (p *parser) caseOf(s *scope) expr {
	var subject expr
	hasSubject := !p.is("WHEN")
	if hasSubject {
		subject = p.expr(s)
	}
	var values []expr
	aggregate := subject.aggregate
	for p.take("WHEN") {
		condition := p.expr(s)
		aggregate = aggregate || condition.aggregate
		if hasSubject {
			p.match(subject, condition)
		} else {
			p.place(condition, Bool)
		}
		p.expect("THEN")
		values = append(values, p.expr(s))
	}
	total := p.take("ELSE")
	if total {
		values = append(values, p.expr(s))
	}
	p.expect("END")
	result := p.oneOf(values)
	result.nullable = result.nullable || !total
	result.aggregate = result.aggregate || aggregate
	return result
}

// oneOf returns the value that is one of several. Parameters among them get the type
// of the others.
func (p *parser) oneOf(values []expr) expr {
	result := expr{typ: Null}
	for _, v := range values {
		if v.param == 0 {
			result.typ = either(result.typ, v.typ)
		}
		result.nullable = result.nullable || v.nullable
		result.aggregate = result.aggregate || v.aggregate
	}
	for _, v := range values {
		p.place(v, result.typ)
	}
	if result.typ == Null {
		for _, v := range values {
			result.typ = either(result.typ, p.typeOf(v))
		}
	}
	return result
}

func (p *parser) cast(s *scope) expr {
	p.expect("CAST", "(")
	e := p.expr(s)
	p.expect("AS")
	var words []string
	for !p.is(")") && !p.is("(") {
		words = append(words, p.name())
	}
	if p.is("(") {
		p.skipParens()
	}
	p.expect(")")
	t := castTo(strings.Join(words, " "))
	p.place(e, t)
	result := calculated(t, e)
	result.name = e.name
	return result
}

// column reads name, table.name or schema.table.name.
func (p *parser) column(s *scope) expr {
	quoted := p.peek(0).Quoted
	name := p.name()
	qualifier := ""
	for p.is(".") && p.peek(1).Kind == sqltext.Ident {
		p.at++
		qualifier, name = name, p.name()
	}
	if e, ok := s.find(qualifier, name); ok {
		return e
	}
	if qualifier == "" && !quoted && (strings.EqualFold(name, "TRUE") || strings.EqualFold(name, "FALSE")) {
		return expr{typ: Bool, literal: true}
	}
	return expr{nullable: true, name: name}
}
