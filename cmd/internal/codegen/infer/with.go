package infer

import (
	"slices"
	"strings"
)

// common is a common table expression. It is read where it is first used: those of
// one WITH see each other in any order.
type common struct {
	name    string
	names   []string // of its columns, if they are given
	start   int      // the index of the first token of its query
	with    []*common
	outer   *scope
	state   commonState
	itself  bool // it uses itself
	oneRow  bool // it has always exactly one row
	columns *source
}

type commonState int

const (
	unread commonState = iota
	reading
	done
)

// commonTables reads WITH name AS (…), … and puts the tables in sight.
func (p *parser) commonTables(outer *scope) {
	if !p.take("WITH") {
		return
	}
	p.take("RECURSIVE")
	var tables []*common
	for {
		table := &common{name: p.name(), outer: outer}
		if p.is("(") {
			table.names = p.names()
		}
		p.expect("AS")
		p.take("NOT")
		p.take("MATERIALIZED")
		table.start = p.at + 1
		p.skipParens()
		tables = append(tables, table)
		if !p.take(",") {
			break
		}
	}
	p.with = append(slices.Clip(p.with), tables...)
	for _, table := range tables {
		table.with = slices.Clip(p.with)
	}
	for _, table := range tables {
		p.use(table) // also one that nobody uses has parameters
	}
}

// common returns the innermost common table of a name as a source, or nil.
func (p *parser) common(name string) *source {
	p.spend(len(p.with))
	for _, table := range slices.Backward(p.with) {
		if strings.EqualFold(table.name, name) {
			return p.use(table)
		}
	}
	return nil
}

// use returns a common table as a source.
func (p *parser) use(table *common) *source {
	switch table.state {
	case unread:
		table.state = reading
		p.elsewhere(func() { p.readCommon(table) })
		table.state = done
	case reading:
		table.itself = true
	}
	if table.columns == nil {
		return &source{unknown: true}
	}
	return &source{columns: table.columns.columns, uses: table.columns.uses, oneRow: table.oneRow && table.state == done}
}

// readCommon reads the query of a common table. It may use itself, so it is read again
// until what it says of itself is what it took for granted. Each round but the last
// makes a type wider or a column nullable, and none can for ever.
func (p *parser) readCommon(table *common) {
	p.enter()
	defer p.leave()
	for {
		assumed := table.columns
		table.itself = false
		p.at, p.with = table.start, table.with
		p.commonTables(table.outer)
		outputs := p.compound(table.outer, part, func(first []Output) {
			if assumed == nil {
				table.columns = derived(first, table.names)
			}
		})
		table.oneRow = p.oneRow
		if !p.is(")") {
			p.lost()
		}
		if assumed == nil {
			assumed = table.columns
		}
		table.columns = derived(outputs, table.names)
		if !table.itself || slices.Equal(assumed.columns, table.columns.columns) {
			return
		}
	}
}
