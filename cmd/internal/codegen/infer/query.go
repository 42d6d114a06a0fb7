package infer

import (
	"slices"
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
	depth := len(p.with)
	defer func() { p.with = p.with[:depth] }()
	p.commonTables(outer)
	return p.compound(outer, part, nil)
}

// compound reads the arms of a query. after is called with the columns of the first
// arm before the others are read.
func (p *parser) compound(outer *scope, r role, after func([]Output)) []Output {
	outputs, inner := p.arm(outer, r)
	oneRow := p.oneRow
	if after != nil {
		after(outputs)
	}
	for p.isAny("UNION", "INTERSECT", "EXCEPT") {
		p.at++
		p.take("ALL")
		more, _ := p.arm(outer, r)
		if len(more) != len(outputs) {
			p.lost()
		}
		for i := range outputs {
			outputs[i].Type = either(outputs[i].Type, more[i].Type)
			outputs[i].Nullable = outputs[i].Nullable || more[i].Nullable
			outputs[i].Table, outputs[i].Origin, outputs[i].Embed = "", "", nil
		}
		oneRow = false
	}
	if p.take("ORDER", "BY") {
		p.ordering(inner)
	}
	if p.take("LIMIT") {
		oneRow = false
		first := p.expr(inner)
		p.place(first, Integer)
		switch {
		case p.take("OFFSET"):
			second := p.expr(inner)
			p.place(second, Integer)
			p.suggest(first, "limit")
			p.suggest(second, "offset")
		case p.take(","):
			second := p.expr(inner)
			p.place(second, Integer)
			p.suggest(first, "offset")
			p.suggest(second, "limit")
		default:
			p.suggest(first, "limit")
		}
	}
	p.oneRow = oneRow
	return outputs
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

// commonTables reads WITH name AS (…), … and puts the tables in sight.
func (p *parser) commonTables(outer *scope) {
	if !p.take("WITH") {
		return
	}
	p.take("RECURSIVE")
	for {
		p.commonTable(outer)
		if !p.take(",") {
			return
		}
	}
}

// commonTable reads one. It may use itself, so it is read again until what it says
// of itself is what it took for granted.
func (p *parser) commonTable(outer *scope) {
	table := &source{alias: p.name()}
	var names []string
	if p.is("(") {
		names = p.names()
	}
	p.expect("AS")
	p.take("NOT")
	p.take("MATERIALIZED")
	p.expect("(")
	start := p.at
	for round := 0; ; round++ {
		assumed := slices.Clone(table.columns)
		depth := len(p.with)
		p.at = start
		p.commonTables(outer)
		outputs := p.compound(outer, part, func(first []Output) {
			if assumed == nil {
				table.columns = named(first, names)
			}
			p.with = append(p.with, table)
		})
		p.with = p.with[:depth]
		table.columns = named(outputs, names)
		if slices.Equal(assumed, table.columns) {
			break
		}
		if round == 8 {
			p.lost()
		}
	}
	p.expect(")")
	p.with = append(p.with, table)
}

// named returns the columns of a subquery, by other names if some are given. A column
// whose name would be its text has none.
func named(outputs []Output, names []string) []Column {
	columns := make([]Column, len(outputs))
	for i, o := range outputs {
		columns[i] = o.Column
		if !o.named {
			columns[i].Name = ""
		}
		if i < len(names) {
			columns[i].Name = names[i]
		}
	}
	return columns
}

// arm reads one SELECT or VALUES. The scope it returns is where ORDER BY looks.
func (p *parser) arm(outer *scope, r role) ([]Output, *scope) {
	if p.take("VALUES") {
		return p.values(outer), &scope{outer: outer}
	}
	into := p.into
	p.into = nil
	defer func() { p.into = into }()
	p.expect("SELECT")
	p.take("DISTINCT")
	p.take("ALL")
	list := p.at
	p.skip("FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "ON", "RETURNING")
	s := &scope{outer: outer}
	if p.take("FROM") {
		p.from(s)
	}
	if p.take("WHERE") {
		p.where(s)
	}
	grouped := p.is("GROUP")

	rest := p.at
	p.at = list
	outputs, aggregate := p.list(s, r)
	if !grouped && (aggregate || p.havingFollows(rest)) {
		s.collapsed = true
		p.at = list
		outputs, _ = p.list(s, r)
	}
	p.at = rest
	if len(into) == len(outputs) {
		for i, output := range outputs {
			p.store(expr{param: output.param}, into[i])
		}
	}

	limited := grouped
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
	p.oneRow = s.collapsed && !limited
	return outputs, s
}

func (p *parser) havingFollows(at int) bool {
	return at < len(p.tokens) && p.tokens[at].Is("HAVING")
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
			e := p.expr(outer)
			if e.param != 0 {
				e.typ = p.typeOf(e)
			}
			if rows == 0 {
				e.name, e.named = "column"+strconv.Itoa(i+1), true
				outputs = append(outputs, e.output())
			} else if i < len(outputs) {
				outputs[i].Type = either(outputs[i].Type, e.typ)
				outputs[i].Nullable = outputs[i].Nullable || e.nullable
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
	for i := range outputs {
		outputs[i].Table, outputs[i].Origin = "", ""
	}
	return outputs
}
