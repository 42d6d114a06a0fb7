package infer

import "strings"

// statement reads the whole of the tokens.
func (p *parser) statement() {
	global := &scope{aliases: map[string]expr{}}
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
	name, _ := p.qualified()
	src := p.stored(name)
	src.alias = name
	if alias := p.alias(); alias != "" {
		src.alias = alias
	}
	return src
}

// given returns the columns that INSERT gives values to when it names none.
func (s *source) given() []Column {
	var given []Column
	for _, column := range s.columns {
		if !column.Generated {
			given = append(given, column)
		}
	}
	return given
}

func (p *parser) insert(global *scope) {
	p.conflictMode()
	p.expect("INTO")
	table := p.target()
	columns := table.given()
	if p.is("(") {
		columns = nil
		for _, name := range p.names() {
			column, _, ok := table.column(name)
			if !ok {
				column, _ = table.hidden(name)
			}
			columns = append(columns, column)
		}
	}
	given := values{}
	switch {
	case p.take("DEFAULT", "VALUES"):
	case p.is("VALUES"):
		p.at++
		p.insertRows(columns, given)
	default:
		p.commonTables(global)
		p.into = columns
		for i, o := range p.compound(global, part, nil) {
			if i < len(columns) {
				given.add(columns[i].Name, o.Nullable)
			}
		}
		p.into = nil
	}
	for p.take("ON", "CONFLICT") {
		if p.conflict(table) {
			given = nil // a row that was there before may come back
		}
	}
	p.returning(table, given)
}

// conflict reads what stands behind ON CONFLICT, and reports whether that may change a
// row.
func (p *parser) conflict(table *source) bool {
	excluded := &source{alias: "excluded", columns: table.columns}
	s := &scope{sources: []*source{table, excluded}, aliases: map[string]expr{}}
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
		return false
	}
	p.expect("UPDATE", "SET")
	p.assignments(table, s)
	if p.take("WHERE") {
		p.where(s)
	}
	return true
}

func (p *parser) insertRows(columns []Column, given values) {
	for {
		p.expect("(")
		for i := 0; ; i++ {
			value := p.expr(&scope{aliases: map[string]expr{}})
			if i < len(columns) {
				p.store(value, columns[i])
				given.add(columns[i].Name, value.nullable)
			}
			if !p.take(",") {
				break
			}
		}
		p.expect(")")
		if !p.take(",") {
			return
		}
	}
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
	s := &scope{outer: global, sources: []*source{table}, aliases: map[string]expr{}}
	if p.take("FROM") {
		p.from(s)
	}
	// What WHERE proves is of the row that SET sees too.
	if p.take("WHERE") {
		p.where(s)
	}
	rest := p.at
	p.at = set
	assigned := p.assignments(table, s)
	p.at = rest
	if !p.catalog.Steady(table.table) {
		p.returning(table, nil)
		return
	}
	for _, column := range table.columns {
		if _, ok := assigned[strings.ToLower(column.Name)]; !ok && !column.Generated && s.proven(table, column) {
			assigned.add(column.Name, false)
		}
	}
	p.returning(table, assigned)
}

// assignments reads column = value, … and (column, …) = (value, …), ….
func (p *parser) assignments(table *source, s *scope) values {
	assigned := values{}
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
			if column, _, ok := table.column(name); ok && i < len(values) {
				p.store(values[i], column)
				assigned.add(name, values[i].nullable)
			} else {
				assigned.add(name, true)
			}
		}
		if !p.take(",") {
			return assigned
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
	s := &scope{outer: global, sources: []*source{table}, aliases: map[string]expr{}}
	if p.take("WHERE") {
		p.where(s)
	}
	gone := values{}
	for _, column := range table.columns {
		if s.proven(table, column) && p.catalog.Steady(table.table) {
			gone.add(column.Name, false)
		}
	}
	p.returning(table, gone)
}
