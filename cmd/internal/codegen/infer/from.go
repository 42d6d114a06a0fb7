package infer

import (
	"slices"
	"strings"
)

// from reads the tables of a FROM clause, or of parentheses in it, into the scope.
func (p *parser) from(s *scope) {
	p.enter()
	defer p.leave()
	first := len(s.sources)
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
			setOptional(s.sources[first:left])
		}
		switch {
		case join.natural:
			merge(s.sources[first:left], s.sources[left:], nil)
		case p.take("ON"):
			p.place(p.expr(s), Bool)
		case p.is("USING"):
			p.at++
			merge(s.sources[first:left], s.sources[left:], p.names())
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
				if _, _, ok := l.column(column.Name); ok && names == nil {
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
	p.spend(1)
	if !p.is("(") {
		src := p.table(s)
		if alias := p.alias(); alias != "" {
			src.alias = alias
		}
		if p.take("INDEXED", "BY") {
			p.name()
		}
		p.take("NOT", "INDEXED")
		s.sources = append(s.sources, src)
		return
	}
	p.at++
	if p.isAny("SELECT", "WITH", "VALUES") {
		// A subquery in FROM sees what is around the statement, not its neighbours.
		src := derived(p.query(s.outer), nil)
		src.oneRow = p.oneRow
		p.expect(")")
		src.alias = p.alias()
		s.sources = append(s.sources, src)
		return
	}
	first := len(s.sources)
	p.from(s)
	p.expect(")")
	alias := p.alias()
	if alias == "" {
		return
	}
	// A join with a name is to SQLite a subquery that selects all of it.
	inner := &scope{outer: s.outer, sources: slices.Clone(s.sources[first:])}
	outputs, _, _ := inner.star("")
	src := derived(outputs, nil)
	src.alias = alias
	s.sources = append(s.sources[:first], src)
}

// table reads the name of a table, with arguments behind it if it is a function.
func (p *parser) table(s *scope) *source {
	name, inSchema := p.qualified()
	var src *source
	if !inSchema {
		src = p.common(name)
	}
	if src == nil {
		src = p.stored(name)
	}
	src.alias = name
	if !p.take("(") {
		return src
	}
	if lower := strings.ToLower(name); lower == "json_each" || lower == "json_tree" {
		src.columns, src.also, src.unknown = jsonColumns, jsonHidden, false
	}
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

// stored returns the table or view of a name as a source.
func (p *parser) stored(name string) *source {
	columns, ok := p.catalog.Table(name)
	if !ok {
		return &source{unknown: true}
	}
	return &source{table: strings.ToLower(name), columns: columns, also: p.catalog.Hidden(name)}
}

// derived returns the source that a subquery is, its columns by other names if some
// are given. A column whose name would be its text has none.
func derived(outputs []Output, names []string) *source {
	src := &source{columns: make([]Column, len(outputs)), uses: make([][]use, len(outputs))}
	seen := map[string]int{}
	for i, o := range outputs {
		src.columns[i], src.uses[i] = o.Column, o.uses
		if !o.named {
			src.columns[i].Name = ""
		}
		if i < len(names) {
			src.columns[i].Name = names[i]
		}
		if key := strings.ToLower(src.columns[i].Name); key != "" {
			if seen[key] > 0 { // SQLite gives it a name of its own
				src.columns[i].Name = ""
			}
			seen[key]++
		}
	}
	return src
}

const (
	anyKey   = "a key is TEXT in an object and INTEGER in an array"
	anyValue = "json_each returns whatever the document holds"
)

// jsonColumns are the columns of json_each and json_tree.
var jsonColumns = []Column{
	{Name: "key", Nullable: true, Why: anyKey},
	{Name: "value", Nullable: true, Why: anyValue},
	{Name: "type", Type: Text},
	{Name: "atom", Nullable: true, Why: anyValue},
	{Name: "id", Type: Integer},
	{Name: "parent", Type: Integer, Nullable: true},
	{Name: "fullkey", Type: Text},
	{Name: "path", Type: Text, Nullable: true},
}

// jsonHidden are those that * does not stand for.
var jsonHidden = []Column{
	{Name: "json", Nullable: true, Why: "it is what json_each was given"},
	{Name: "root", Type: Text, Nullable: true},
}
