package infer

import (
	"math/big"
	"slices"
)

// expr is what is known of an expression.
type expr struct {
	typ      Type
	why      string // why typ is Unknown
	nullable bool
	param    int    // the number of the parameter that it is and nothing else
	uses     []use  // the parameters that its value comes from
	about    string // the first column that it is made of, if it is still such a value
	nameless []int  // the parameters behind it that are such a value too
	name     string // what a result column of it is called
	table    string // the table it is read from unchanged
	origin   string // the column of that table
	source   Source // the table's column it is read from unchanged, through whatever
	named    bool   // SQLite knows a column of it by name, and not by its text
	literal  bool
	text     string   // of a literal
	whole    *big.Int // of an INTEGER that is constant
	nonzero  bool     // it is a number other than 0, written out
	number   float64  // the number, if it is one that is written out
	bytes    string   // the function that surely makes a BLOB of it
	json     bool     // it is a text that holds JSON
	timely   bool     // it is a text that can be read as a time
	clock    string   // what made it a time in a format of SQLite's own, such as datetime()
	noBlob   bool     // whatever it is, it is no BLOB
	row      []expr   // the parts of a row value

	strict []key // it is NULL when one of these is
	proves []key // these are not NULL when it is true
}

// maxKeys is how many columns are followed for one condition.
const maxKeys = 64

func (e expr) output() Output {
	return Output{
		Column: Column{Name: e.name, Type: e.typ, Nullable: e.nullable, Source: e.source, Why: e.why},
		Table:  e.table, Origin: e.origin, uses: e.uses, named: e.named,
	}
}

// truth returns a condition that is NULL when a part of it is.
func truth(parts ...expr) expr {
	result := expr{typ: Bool}
	for _, part := range parts {
		result.nullable = result.nullable || part.nullable
		for _, k := range part.strict {
			if len(result.strict) < maxKeys && !slices.Contains(result.strict, k) {
				result.strict = append(result.strict, k)
			}
		}
	}
	result.proves = result.strict
	return result
}

// calculated returns an arithmetic result, which is NULL when a part of it is.
func calculated(t Type, parts ...expr) expr {
	result := truth(parts...)
	result.typ = t
	result.talk(parts...)
	for _, part := range parts {
		for _, u := range part.uses {
			if len(result.uses) < maxUses {
				result.uses = append(result.uses, use{u.number, u.at, operand})
			}
		}
	}
	return result
}

func (p *parser) expr(s *scope) expr {
	p.enter()
	defer p.leave()
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
		proves := slices.Clone(e.proves)
		if len(proves) < maxKeys {
			proves = append(proves, right.proves...)
		}
		e = truth(e, right)
		e.strict, e.proves = nil, proves
	}
	return e
}

func (p *parser) not(s *scope) expr {
	if !p.is("NOT") {
		return p.equality(s)
	}
	p.enter()
	defer p.leave()
	p.at++
	e := p.not(s)
	p.place(e, Bool)
	return truth(e)
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
			p.missing(e)
			e = p.behind(expr{typ: Bool}, s)
		case p.take("NOTNULL"), p.take("NOT", "NULL"):
			p.missing(e)
			e = p.behind(expr{typ: Bool, proves: e.strict}, s)
		case p.take("NOT", "BETWEEN"), p.take("BETWEEN"):
			e = p.between(e, s)
		case p.take("NOT", "IN"):
			e = p.in(e, s)
			e.proves = nil // NULL is not in a list that is empty
			e = p.behind(e, s)
		case p.take("IN"):
			e = p.behind(p.in(e, s), s)
		case p.isPattern():
			e = p.pattern(e, s)
		default:
			return e
		}
	}
}

func (p *parser) between(e expr, s *scope) expr {
	low := p.comparison(s)
	p.expect("AND")
	high := p.comparison(s)
	if name := e.subject(); name != "" {
		p.suggest(low, "from_"+name)
		p.suggest(high, "to_"+name)
	}
	p.match(e, low)
	p.match(e, high)
	proves := e.strict
	e = truth(e, low, high)
	e.strict, e.proves = nil, proves
	return e
}

// isTest reads what follows IS.
func (p *parser) isTest(left expr, s *scope) expr {
	negated := p.take("NOT")
	distinct := p.take("DISTINCT", "FROM")
	right := p.comparison(s)
	p.identical(left, right)
	result := expr{typ: Bool}
	if negated && !distinct && right.typ == Null {
		result.proves = left.strict
	}
	return result
}

func (p *parser) isPattern() bool {
	at := 0
	if p.is("NOT") {
		at = 1
	}
	return slices.ContainsFunc([]string{"LIKE", "GLOB", "MATCH", "REGEXP"}, p.peek(at).Is)
}

func (p *parser) pattern(left expr, s *scope) expr {
	p.take("NOT")
	match := p.next().Is("MATCH")
	right := p.comparison(s)
	p.place(left, Text)
	p.place(right, Text)
	p.introduce(left, right)
	if p.take("ESCAPE") {
		escape := p.comparison(s)
		p.suggest(escape, "escape")
		p.place(escape, Text)
		return truth(left, right, escape)
	}
	if match {
		return expr{typ: Bool, nullable: left.nullable || right.nullable}
	}
	return truth(left, right)
}
