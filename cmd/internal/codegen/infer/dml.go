package infer

import "strings"

// statement reads the whole of the tokens.
func (p *parser) statement() {
	depth := len(p.with)
	global := &scope{}
	p.commonTables(global)
	switch {
	case p.takeAny("INSERT", "REPLACE"):
		p.insert(global)
	case p.take("UPDATE"):
		p.update(global)
	case p.take("DELETE"):
		p.delete(global)
	default:
		p.result.Outputs = p.compound(global, whole, nil)
	}
	p.with = p.with[:depth]
	if p.at != len(p.tokens) {
		p.lost()
	}
}

// conflictMode steps over OR IGNORE and its like.
func (p *parser) conflictMode() {
	if p.take("OR") {
		p.next()
	}
}

// target reads the table that a statement writes to.
func (p *parser) target() *source {
	name := p.name()
	for p.take(".") {
		name = p.name()
	}
	columns, _ := p.catalog.Table(name)
	src := &source{alias: name, table: strings.ToLower(name), columns: columns}
	if alias := p.alias(); alias != "" {
		src.alias = alias
	}
	return src
}

func (p *parser) insert(global *scope) {
	p.conflictMode()
	p.expect("INTO")
	table := p.target()
	columns := table.columns
	if p.is("(") {
		columns = nil
		for _, name := range p.names() {
			column, _ := table.column(name)
			columns = append(columns, column)
		}
	}
	switch {
	case p.take("DEFAULT", "VALUES"):
	case p.is("VALUES"):
		p.at++
		p.insertRows(columns)
	default:
		p.insertQuery(columns, global)
	}
	excluded := &source{alias: "excluded", columns: table.columns}
	for p.take("ON", "CONFLICT") {
		s := &scope{sources: []*source{table, excluded}}
		if p.is("(") {
			p.at++
			p.ordering(s)
			p.expect(")")
			if p.take("WHERE") {
				p.expr(s)
			}
		}
		p.expect("DO")
		if p.take("NOTHING") {
			continue
		}
		p.expect("UPDATE", "SET")
		p.assignments(table, s)
		if p.take("WHERE") {
			p.expr(s)
		}
	}
	p.returning(table)
}

func (p *parser) insertRows(columns []Column) {
	for {
		p.expect("(")
		var values []expr
		for {
			values = append(values, p.expr(&scope{}))
			if !p.take(",") {
				break
			}
		}
		p.expect(")")
		if len(values) == len(columns) { // else the table has generated columns, who knows where
			for i, value := range values {
				p.store(value, columns[i])
			}
		}
		if !p.take(",") {
			return
		}
	}
}

// insertQuery reads INSERT … SELECT. A parameter that is a result column of it goes
// into the table's column.
func (p *parser) insertQuery(columns []Column, global *scope) {
	p.commonTables(global)
	p.into = columns
	p.compound(global, part, nil)
	p.into = nil
}

func (p *parser) update(global *scope) {
	p.conflictMode()
	table := p.target()
	if p.take("INDEXED", "BY") {
		p.name()
	}
	p.take("NOT", "INDEXED")
	p.expect("SET")
	set := p.at
	p.skip("FROM", "WHERE", "RETURNING")
	s := &scope{outer: global, sources: []*source{table}}
	if p.take("FROM") {
		p.from(s)
	}
	rest := p.at
	p.at = set
	p.assignments(table, s)
	p.at = rest
	if p.take("WHERE") {
		p.where(s)
	}
	p.returning(table)
}

// assignments reads column = value, … and (column, …) = (value, …), ….
func (p *parser) assignments(table *source, s *scope) {
	for {
		var names []string
		if p.is("(") {
			names = p.names()
		} else {
			names = []string{p.name()}
		}
		p.expect("=")
		e := p.expr(s)
		values := e.row
		if values == nil {
			values = []expr{e}
		}
		for i, name := range names {
			if column, ok := table.column(name); ok && i < len(values) {
				p.store(values[i], column)
			}
		}
		if !p.take(",") {
			return
		}
	}
}

func (p *parser) delete(global *scope) {
	p.expect("FROM")
	table := p.target()
	if p.take("INDEXED", "BY") {
		p.name()
	}
	p.take("NOT", "INDEXED")
	s := &scope{outer: global, sources: []*source{table}}
	if p.take("WHERE") {
		p.where(s)
	}
	p.returning(table)
}

func (p *parser) returning(table *source) {
	if !p.take("RETURNING") {
		return
	}
	// What WHERE proves is of the row before the change, so it is not used here.
	s := &scope{sources: []*source{{alias: table.alias, table: table.table, columns: table.columns}}}
	p.result.Outputs, _ = p.list(s, whole)
}
