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
	switch {
	case p.take("DEFAULT", "VALUES"):
	case p.is("VALUES"):
		p.at++
		p.insertRows(columns)
	default:
		p.commonTables(global)
		p.into = columns
		p.compound(global, part, nil)
		p.into = nil
	}
	for p.take("ON", "CONFLICT") {
		p.conflict(table)
	}
	p.returning(table)
}

// conflict reads what stands behind ON CONFLICT.
func (p *parser) conflict(table *source) {
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
		return
	}
	p.expect("UPDATE", "SET")
	p.assignments(table, s)
	if p.take("WHERE") {
		p.where(s)
	}
}

func (p *parser) insertRows(columns []Column) {
	for {
		p.expect("(")
		for i := 0; ; i++ {
			value := p.expr(&scope{aliases: map[string]expr{}})
			if i < len(columns) {
				p.store(value, columns[i])
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
	p.assignments(table, s)
	p.at = rest
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
			if column, _, ok := table.column(name); ok && i < len(values) {
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
	s := &scope{outer: global, sources: []*source{table}, aliases: map[string]expr{}}
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
	written := &source{alias: table.alias, table: table.table, columns: table.columns, also: table.also}
	for _, column := range table.columns {
		if column.Source.Table != table.table {
			written = table.unchecked()
			break
		}
	}
	p.result.Outputs = p.list(&scope{sources: []*source{written}, aliases: map[string]expr{}}, whole)
}

// unchecked returns a view as RETURNING sees it: each column as the statement gives
// it, whatever the view makes of it.
func (s *source) unchecked() *source {
	src := &source{alias: s.alias, table: s.table}
	for _, column := range s.columns {
		why := "RETURNING of the view " + strings.ToLower(s.table) + " gives what was written, of any type"
		src.columns = append(src.columns, Column{Name: column.Name, Nullable: true, Why: why})
	}
	return src
}
