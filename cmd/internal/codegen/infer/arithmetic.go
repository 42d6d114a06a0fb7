package infer

import "math/big"

// Each of these reads the operands and operators of one precedence, and the one whose
// name ends in On reads what follows the first operand.

// behind reads the operators that bind closer than the one whose last operand, which
// nothing can extend, is behind it: x IN (1) + 2 is (x IN (1)) + 2.
func (p *parser) behind(e expr, s *scope) expr {
	e = p.sumOn(p.productOn(p.joinedOn(p.collatedOn(e), s), s), s)
	return p.comparisonOn(p.bitsOn(e, s), s)
}

func (p *parser) comparison(s *scope) expr { return p.comparisonOn(p.bits(s), s) }

func (p *parser) comparisonOn(e expr, s *scope) expr {
	for p.takeAny("<", "<=", ">", ">=") {
		right := p.bits(s)
		p.match(e, right)
		e = truth(e, right)
	}
	return e
}

func (p *parser) bits(s *scope) expr { return p.bitsOn(p.sum(s), s) }

func (p *parser) bitsOn(e expr, s *scope) expr {
	for p.takeAny("&", "|", "<<", ">>") {
		right := p.sum(s)
		p.place(e, Integer)
		p.place(right, Integer)
		p.introduce(e, right)
		e = calculated(Integer, e, right)
	}
	return e
}

func (p *parser) sum(s *scope) expr { return p.sumOn(p.product(s), s) }

func (p *parser) sumOn(e expr, s *scope) expr {
	for p.isAny("+", "-") {
		operator := p.next()
		e = p.arithmetic(operator.Text, e, p.product(s))
	}
	return e
}

func (p *parser) product(s *scope) expr { return p.productOn(p.joined(s), s) }

func (p *parser) productOn(e expr, s *scope) expr {
	for p.isAny("*", "/", "%") {
		operator := p.next()
		division := !operator.Is("*")
		right := p.joined(s)
		e = p.arithmetic(operator.Text, e, right)
		e.nullable = e.nullable || division && !right.nonzero // x / 0 is NULL
	}
	return e
}

func (p *parser) arithmetic(operator string, left, right expr) expr {
	p.operand(left, right)
	p.operand(right, left)
	p.introduce(left, right)
	result := calculated(number(left.typ, right.typ), left, right)
	if left.whole != nil && right.whole != nil {
		result.fold(operator, left.whole, right.whole)
	}
	return result
}

// fold makes the result of two constants one. SQLite makes a REAL of what an INTEGER
// cannot hold.
func (e *expr) fold(operator string, left, right *big.Int) {
	result := new(big.Int)
	switch operator {
	case "+":
		result.Add(left, right)
	case "-":
		result.Sub(left, right)
	case "*":
		result.Mul(left, right)
	default:
		return
	}
	if result.IsInt64() {
		e.whole = result
	} else {
		e.typ = Real
	}
}

// operand notes that a value is calculated with another.
func (p *parser) operand(e, with expr) {
	t := counted(with.typ)
	switch {
	case !t.number():
	case with.literal:
		p.claim(e.uses, t, hinted)
	default:
		p.place(e, t)
	}
}

func (p *parser) joined(s *scope) expr { return p.joinedOn(p.collated(s), s) }

func (p *parser) joinedOn(e expr, s *scope) expr {
	for {
		switch {
		case p.take("||"):
			right := p.collated(s)
			p.place(e, Text)
			p.place(right, Text)
			p.introduce(e, right)
			e = calculated(Text, e, right)
		case p.take("->>"):
			p.place(e, Json)
			p.place(p.collated(s), Text)
			e = expr{nullable: true, noBlob: true, about: e.about, why: "->> returns whatever the document holds"}
		case p.take("->"):
			p.place(e, Json)
			p.place(p.collated(s), Text)
			e = expr{typ: Text, nullable: true, json: true, about: e.about}
		default:
			return e
		}
	}
}

func (p *parser) collated(s *scope) expr { return p.collatedOn(p.unary(s)) }

func (p *parser) collatedOn(e expr) expr {
	for p.take("COLLATE") {
		p.name()
	}
	return e
}

func (p *parser) unary(s *scope) expr {
	switch {
	case p.is("NOT"): // 1 + NOT x = y is 1 + (NOT (x = y))
		return p.not(s)
	case !p.isAny("~", "-", "+"):
		return p.primary(s)
	}
	p.enter()
	defer p.leave()
	operator := p.next()
	e := p.unary(s)
	switch {
	case operator.Is("~"):
		p.place(e, Integer)
		return calculated(Integer, e)
	case operator.Is("-"):
		result := calculated(number(e.typ, Integer), e)
		result.literal, result.nonzero, result.number = e.literal, e.nonzero, -e.number
		if e.whole != nil {
			result.fold("-", new(big.Int), e.whole)
		}
		return result
	default:
		e.table, e.origin, e.param, e.named = "", "", 0, false
		return e
	}
}
