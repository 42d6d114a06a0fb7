package infer

func (p *parser) comparison(s *scope) expr {
	e := p.bits(s)
	for p.takeAny("<", "<=", ">", ">=") {
		right := p.bits(s)
		p.match(e, right)
		e = truth(e, right)
	}
	return e
}

func (p *parser) bits(s *scope) expr {
	e := p.sum(s)
	for p.takeAny("&", "|", "<<", ">>") {
		right := p.sum(s)
		p.place(e, Integer)
		p.place(right, Integer)
		e = calculated(Integer, e, right)
	}
	return e
}

func (p *parser) sum(s *scope) expr {
	e := p.product(s)
	for p.takeAny("+", "-") {
		e = p.arithmetic(e, p.product(s))
	}
	return e
}

func (p *parser) product(s *scope) expr {
	e := p.joined(s)
	for p.isAny("*", "/", "%") {
		division := !p.next().Is("*")
		right := p.joined(s)
		e = p.arithmetic(e, right)
		e.nullable = e.nullable || division && !right.nonzero // x / 0 is NULL
	}
	return e
}

func (p *parser) arithmetic(left, right expr) expr {
	if t := counted(right.typ); !right.literal && (t == Integer || t == Real) {
		p.place(left, t)
	}
	if t := counted(left.typ); !left.literal && (t == Integer || t == Real) {
		p.place(right, t)
	}
	return calculated(number(p.typeOf(left), p.typeOf(right)), left, right)
}

// typeOf returns the type of an expression, of a parameter the one its other uses
// give it.
func (p *parser) typeOf(e expr) Type {
	if e.param != 0 {
		return p.known[e.param-1].Type
	}
	return e.typ
}

func (p *parser) joined(s *scope) expr {
	e := p.collated(s)
	for {
		switch {
		case p.take("||"):
			right := p.collated(s)
			p.place(e, Text)
			p.place(right, Text)
			e = calculated(Text, e, right)
		case p.take("->>"):
			p.place(p.collated(s), Text)
			e = expr{nullable: true, aggregate: e.aggregate}
		case p.take("->"):
			p.place(p.collated(s), Text)
			e = expr{typ: Text, nullable: true, aggregate: e.aggregate}
		default:
			return e
		}
	}
}

func (p *parser) collated(s *scope) expr {
	e := p.unary(s)
	for p.take("COLLATE") {
		p.name()
		e.named = false
	}
	return e
}

func (p *parser) unary(s *scope) expr {
	switch {
	case p.take("~"):
		return calculated(Integer, p.unary(s))
	case p.take("-"):
		e := p.unary(s)
		literal := e.literal
		e = calculated(number(e.typ, Integer), e)
		e.literal = literal
		return e
	case p.take("+"):
		e := p.unary(s)
		e.table, e.origin, e.param, e.named = "", "", 0, false
		return e
	default:
		return p.primary(s)
	}
}
