package infer

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// from reads the tables of a FROM clause into the scope.
func (p *parser) from(s *scope) {
	p.item(s)
	for {
		join, ok := p.join()
		if !ok {
			return
		}
		left := len(s.sources)
		p.item(s)
		if join.left {
			setOptional(s.sources[left:])
		}
		if join.right {
			setOptional(s.sources[:left])
		}
		switch {
		case join.natural:
			merge(s.sources[:left], s.sources[left:], nil)
		case p.take("ON"):
			p.place(p.expr(s), Bool)
		case p.is("USING"):
			p.at++
			merge(s.sources[:left], s.sources[left:], p.names())
		}
	}
}

func setOptional(sources []*source) {
	for _, src := range sources {
		src.optional = true
	}
}

// merge marks the columns that a join made one: the given ones, or all that both
// sides have when names is nil.
func merge(left, right []*source, names []string) {
	for _, r := range right {
		for _, column := range r.columns {
			shared := names != nil && slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, column.Name) })
			for _, l := range left {
				if _, ok := l.column(column.Name); ok && names == nil {
					shared = true
				}
			}
			if shared {
				r.merged = append(r.merged, column.Name)
			}
		}
	}
}

type join struct {
	natural     bool
	left, right bool // which sides are kept whole; the other is optional
}

// join reads what stands between two tables.
func (p *parser) join() (join, bool) {
	if p.take(",") {
		return join{}, true
	}
	var j join
	start := p.at
	for {
		switch {
		case p.take("NATURAL"):
			j.natural = true
		case p.take("LEFT"):
			j.left = true
		case p.take("RIGHT"):
			j.right = true
		case p.take("FULL"):
			j.left, j.right = true, true
		case p.takeAny("OUTER", "INNER", "CROSS"):
		case p.take("JOIN"):
			return j, true
		default:
			p.at = start
			return join{}, false
		}
	}
}

// item reads one table, subquery, table function, or join in parentheses.
func (p *parser) item(s *scope) {
	if p.is("(") {
		p.at++
		if !p.isAny("SELECT", "WITH", "VALUES") {
			p.from(s)
			p.expect(")")
			return
		}
		// A subquery in FROM sees what is around the statement, not its neighbours.
		outputs := p.query(s.outer)
		p.expect(")")
		s.sources = append(s.sources, &source{alias: p.alias(), columns: named(outputs, nil)})
		return
	}
	name := p.name()
	for p.take(".") {
		name = p.name()
	}
	var src *source
	if p.is("(") {
		src = p.tableFunction(name, s)
	} else {
		src = p.table(name)
	}
	src.alias = name
	if alias := p.alias(); alias != "" {
		src.alias = alias
	}
	if p.take("INDEXED", "BY") {
		p.name()
	}
	p.take("NOT", "INDEXED")
	s.sources = append(s.sources, src)
}

// table returns the source of a name: the innermost common table of that name, or a
// table of the database.
func (p *parser) table(name string) *source {
	for _, table := range slices.Backward(p.with) {
		if strings.EqualFold(table.alias, name) {
			return &source{columns: table.columns}
		}
	}
	if columns, ok := p.catalog.Table(name); ok {
		return &source{table: strings.ToLower(name), columns: columns}
	}
	return &source{unknown: true}
}

// tableFunction reads the arguments behind the name of json_each, of a full-text
// table, or of a function that is not known here.
func (p *parser) tableFunction(name string, s *scope) *source {
	src := p.table(name)
	if lower := strings.ToLower(name); lower == "json_each" || lower == "json_tree" {
		src = &source{columns: jsonColumns}
	}
	p.expect("(")
	for !p.is(")") {
		if e := p.expr(s); !src.unknown {
			p.place(e, Text)
		}
		if !p.take(",") {
			break
		}
	}
	p.expect(")")
	return src
}

// jsonColumns are the columns of json_each and json_tree.
var jsonColumns = []Column{
	{Name: "key", Nullable: true},
	{Name: "value", Nullable: true},
	{Name: "type", Type: Text, Nullable: true},
	{Name: "atom", Nullable: true},
	{Name: "id", Type: Integer, Nullable: true},
	{Name: "parent", Type: Integer, Nullable: true},
	{Name: "fullkey", Type: Text, Nullable: true},
	{Name: "path", Type: Text, Nullable: true},
}

// window reads the parentheses of OVER, and reports whether they set a frame.
func (p *parser) window(s *scope) bool {
	p.expect("(")
	if p.peek(0).Kind == sqltext.Ident && !p.isAny("PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS") {
		p.name()
	}
	if p.take("PARTITION", "BY") {
		for {
			p.expr(s)
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("ORDER", "BY") {
		p.ordering(s)
	}
	framed := p.isAny("ROWS", "RANGE", "GROUPS")
	p.skip()
	p.expect(")")
	return framed
}
