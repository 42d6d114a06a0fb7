package infer

import (
	"slices"
	"strings"
)

// source is something that rows come from: a table, a view, a subquery, or a common
// table expression.
type source struct {
	alias    string
	table    string // the table's own name; empty for subqueries
	columns  []Column
	uses     [][]use  // for each column the parameters behind it, of a subquery
	also     []Column // what * does not stand for
	oneRow   bool     // there is always exactly one row of it
	optional bool     // the other side of an outer join may have no row of it
	unknown  bool     // its columns are not known
	merged   []string // columns that a join by USING made one with an earlier source's
}

func called(name string) func(Column) bool {
	return func(c Column) bool { return strings.EqualFold(c.Name, name) }
}

// column returns the column of the name, and its place.
func (s *source) column(name string) (Column, int, bool) {
	if i := slices.IndexFunc(s.columns, called(name)); i >= 0 {
		return s.columns[i], i, true
	}
	return Column{}, 0, false
}

// hidden returns a column that * does not stand for.
func (s *source) hidden(name string) (Column, bool) {
	if i := slices.IndexFunc(s.also, called(name)); i >= 0 {
		return s.also[i], true
	}
	return Column{}, false
}

func (s *source) isMerged(name string) bool {
	return slices.ContainsFunc(s.merged, func(m string) bool { return strings.EqualFold(m, name) })
}

// key names a column of a source.
type key struct {
	source *source
	column string // in lower case
}

// scope is where names are looked up.
type scope struct {
	outer   *scope
	sources []*source
	present []key // columns that the WHERE clause proves not to be NULL
	aliases map[string]expr
	wanted  []string // names that were looked up before the aliases were known
	fact    *fact
	grouped bool

	// collapsed is set when the rows become one by an aggregate without GROUP BY:
	// a column outside the aggregate is NULL then when there is no row.
	collapsed bool
}

// find returns the column of the name. qualifier is empty when none was written.
func (p *parser) find(s *scope, qualifier, name string) (expr, bool) {
	for at := s; at != nil; at = at.outer {
		p.spend(1 + len(at.sources))
		if e, ok := at.column(qualifier, name); ok {
			p.seen = append(p.seen, at)
			return e, true
		}
		if qualifier == "" {
			if e, ok := at.aliases[strings.ToLower(name)]; ok {
				return e, true
			}
			if at.aliases == nil {
				at.wanted = append(at.wanted, strings.ToLower(name))
			}
		}
		for _, src := range at.sources {
			if qualifier != "" && !strings.EqualFold(src.alias, qualifier) {
				continue
			}
			if column, ok := src.hidden(name); ok {
				e := at.use(src, column)
				e.table, e.origin = "", ""
				p.seen = append(p.seen, at)
				return e, true
			}
			if src.unknown {
				p.seen = append(p.seen, nil) // it may be one of this source's
				return expr{}, false
			}
		}
	}
	p.seen = append(p.seen, nil)
	return expr{}, false
}

// column returns the column of the name that * stands for.
func (s *scope) column(qualifier, name string) (expr, bool) {
	for _, src := range s.sources {
		if qualifier != "" && !strings.EqualFold(src.alias, qualifier) {
			continue
		}
		column, i, ok := src.column(name)
		if !ok {
			continue
		}
		e := s.use(src, column)
		if i < len(src.uses) {
			e.uses = src.uses[i]
		}
		if qualifier == "" && src.optional {
			s.merge(&e, src, name)
		}
		return e, true
	}
	return expr{}, false
}

// merge makes of a source's column what USING has made of it: where the source has no
// row, it is the column of another.
func (s *scope) merge(e *expr, src *source, name string) {
	i := slices.Index(s.sources, src)
	for _, later := range s.sources[i+1:] {
		if !later.isMerged(name) {
			continue
		}
		column, _, _ := later.column(name)
		other := s.use(later, column)
		e.typ, e.why = either(*e, other)
		e.nullable = e.nullable && other.nullable
		e.strict, e.table, e.origin, e.source, e.uses = nil, "", "", Source{}, nil
		if column.Nullable {
			e.nullable = true
		}
	}
}

func (s *scope) use(src *source, column Column) expr {
	k := key{src, strings.ToLower(column.Name)}
	e := expr{
		typ:      column.Type,
		nullable: column.Nullable || src.optional,
		name:     column.Name,
		about:    column.Name,
		source:   column.Source,
		why:      column.Why,
		named:    true,
		strict:   []key{k},
	}
	if src.table != "" {
		e.table, e.origin = src.table, column.Name
	}
	for _, p := range s.present {
		if p == k {
			e.nullable = false
		} else if p.source == src && !column.Nullable {
			e.nullable = false // the source has a row after all
		}
	}
	if s.collapsed {
		e.nullable = true
	}
	return e
}

// mayLack reports whether a row of the scope may be without one of the source.
func (s *scope) mayLack(src *source) bool {
	proven := slices.ContainsFunc(s.present, func(k key) bool { return k.source == src })
	return s.collapsed || src.optional && !proven
}

// mergedLater reports whether later sources joined their columns of that name into this
// one, which no other source has. It is written without the source then, as * means it.
func (s *scope) mergedLater(src *source, name string) bool {
	merged := false
	for _, other := range s.sources {
		if _, _, ok := other.column(name); !ok || other == src {
			continue
		}
		if !other.isMerged(name) {
			return false
		}
		merged = true
	}
	return merged && !src.isMerged(name)
}

// mergedAtAll reports whether later sources joined columns of that name into an earlier
// one, be it this.
func (s *scope) mergedAtAll(src *source, name string) bool {
	i := slices.Index(s.sources, src)
	return slices.ContainsFunc(s.sources[i+1:], func(later *source) bool { return later.isMerged(name) })
}
