package infer

import (
	"strconv"
)

// role says what a query is to the statement.
type role int

const (
	part  role = iota // a subquery, a common table, or what is inserted
	whole             // its rows are the statement's result: stars are written out
)

// query reads [WITH …] SELECT … [UNION …] [ORDER BY …] [LIMIT …] that is a part of the
// statement. It leaves in p.oneRow whether there is always exactly one row.
func (p *parser) query(outer *scope) []Output {
	p.enter()
	defer p.leave()
	into, with := p.into, p.with
	p.into = nil
	p.commonTables(outer)
	outputs := p.compound(outer, part, nil)
	p.into, p.with = into, with
	return outputs
}

// compound reads the arms of a query. after is called with the columns of the first
// arm before the others are read.
func (p *parser) compound(outer *scope, r role, after func([]Output)) []Output {
	into := p.into
	outputs, inner := p.arm(outer, r)
	oneRow := p.oneRow
	if after != nil {
		after(outputs)
	}
	for p.isAny("UNION", "INTERSECT", "EXCEPT") {
		p.at++
		p.take("ALL")
		p.into = into
		more, _ := p.arm(outer, r)
		if len(more) != len(outputs) {
			p.lost()
		}
		for i := range outputs {
			outputs[i] = both(outputs[i], more[i])
		}
		oneRow = false
	}
	p.into = nil
	if p.take("ORDER", "BY") {
		p.ordering(inner)
	}
	if p.take("LIMIT") {
		p.limit(inner)
		oneRow = false
	}
	p.into, p.oneRow = into, oneRow
	return outputs
}

// both returns what a column of two arms is.
func both(a, b Output) Output {
	a.Type, a.Why = mix(a.Type, b.Type, a.Why, b.Why)
	a.Nullable = a.Nullable || b.Nullable
	if a.Source != b.Source {
		a.Source = Source{}
	}
	a.Table, a.Origin, a.Embed, a.param, a.nameless = "", "", nil, 0, nil
	a.uses = append(a.uses[:len(a.uses):len(a.uses)], b.uses[:min(len(b.uses), maxUses-min(len(a.uses), maxUses))]...)
	return a
}

func (p *parser) limit(s *scope) {
	first := p.count(s)
	switch {
	case p.take("OFFSET"):
		p.suggest(first, "limit")
		p.suggest(p.count(s), "offset")
	case p.take(","):
		p.suggest(first, "offset")
		p.suggest(p.count(s), "limit")
	default:
		p.suggest(first, "limit")
	}
}

// count reads an operand of LIMIT, which SQLite takes as an INTEGER only.
func (p *parser) count(s *scope) expr {
	e := p.expr(s)
	p.claim(e.uses, Integer, stored)
	return e
}

func (p *parser) ordering(s *scope) {
	for {
		p.expr(s)
		p.takeAny("ASC", "DESC")
		if p.take("NULLS") {
			p.next()
		}
		if !p.take(",") {
			return
		}
	}
}

// arm reads one SELECT or VALUES. The scope it returns is where ORDER BY looks.
func (p *parser) arm(outer *scope, r role) ([]Output, *scope) {
	p.enter()
	defer p.leave()
	into := p.into
	p.into = nil
	var outputs []Output
	s := &scope{outer: outer}
	if p.take("VALUES") {
		outputs = p.values(outer)
	} else {
		start := p.at
		if p.facts[start] == nil {
			p.facts[start] = &fact{}
		}
		for again := true; again; {
			p.at = start
			s = &scope{outer: outer, fact: p.facts[start]}
			before := *s.fact
			outputs = p.selection(s, r)
			again = *s.fact != before
		}
	}
	if len(into) == len(outputs) {
		for i, o := range outputs {
			p.store(expr{param: o.param, uses: o.uses, nameless: o.nameless}, into[i])
		}
	}
	return outputs, s
}

// selection reads one SELECT.
func (p *parser) selection(s *scope, r role) []Output {
	p.expect("SELECT")
	p.take("DISTINCT")
	p.take("ALL")
	list := p.at
	p.skip("FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "ON", "RETURNING")
	from := p.at
	p.skip("GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "RETURNING")
	s.grouped = p.is("GROUP")
	s.collapsed = s.fact.aggregate && !s.grouped

	p.at = from
	bare := !p.is("FROM")
	if p.take("FROM") {
		p.from(s)
		bare = len(s.sources) == 1 && s.sources[0].oneRow // which is as if there were no FROM
	}
	if s.fact.aliased {
		here := p.at
		p.at = list
		p.list(s, part)
		p.at = here
	}
	bare = bare && !p.is("WHERE")
	if p.take("WHERE") {
		p.where(s)
	}
	rest := p.at
	p.at = list
	outputs := p.list(s, r)
	p.at = rest
	for _, name := range s.wanted {
		if _, ok := s.aliases[name]; ok {
			s.fact.aliased = true
		}
	}
	limited := p.grouping(s)
	p.oneRow = (s.collapsed && !s.fact.unsure || bare) && !limited
	return outputs
}

// grouping reads what stands behind WHERE. It reports whether that may leave no row.
func (p *parser) grouping(s *scope) bool {
	limited := s.grouped
	if p.take("GROUP", "BY") {
		for {
			p.expr(s)
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("HAVING") {
		limited = true
		p.place(p.expr(s), Bool)
	}
	if p.take("WINDOW") {
		for {
			p.name()
			p.expect("AS")
			p.window(s)
			if !p.take(",") {
				break
			}
		}
	}
	return limited
}

// where reads a condition that every row of the scope meets from here on.
func (p *parser) where(s *scope) {
	condition := p.expr(s)
	p.place(condition, Bool)
	s.present = append(s.present, condition.proves...)
}

func (p *parser) values(outer *scope) []Output {
	var outputs []Output
	rows := 0
	for {
		p.expect("(")
		for i := 0; ; i++ {
			pos := p.peek(0).Pos
			e := p.expr(outer)
			e.name, e.named = "column"+strconv.Itoa(i+1), true
			o := e.output()
			o.param, o.nameless, o.Table, o.Origin, o.Pos = e.param, e.nameless, "", "", pos
			switch {
			case rows == 0:
				outputs = append(outputs, o)
			case i < len(outputs):
				outputs[i] = both(outputs[i], o)
			}
			if !p.take(",") {
				break
			}
		}
		p.expect(")")
		rows++
		if !p.take(",") {
			break
		}
	}
	p.oneRow = rows == 1
	return outputs
}
