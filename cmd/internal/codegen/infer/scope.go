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
	optional bool     // the other side of an outer join may have no row of it
	unknown  bool     // its columns are not known
	merged   []string // columns that a join by USING made one with an earlier source's
}

func (s *source) column(name string) (Column, bool) {
	for _, column := range s.columns {
		if strings.EqualFold(column.Name, name) {
			return column, true
		}
	}
	return Column{}, false
}

// hidden returns a column that * does not stand for.
func (s *source) hidden(name string) (Column, bool) {
	if s.table == "" {
		return Column{}, false
	}
	switch strings.ToLower(name) {
	case "rowid", "oid", "_rowid_":
		return Column{Name: name, Type: Integer}, true
	case "rank": // of a full-text table
		return Column{Name: name, Type: Real, Nullable: true}, true
	}
	if strings.EqualFold(s.table, name) { // a full-text table in front of MATCH
		return Column{Name: name, Type: Text, Nullable: true}, true
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

	// collapsed is set when the rows become one by an aggregate without GROUP BY:
	// a column outside the aggregate is NULL then when there is no row.
	collapsed bool
}

// find returns the column of the name. qualifier is empty when none was written.
func (s *scope) find(qualifier, name string) (expr, bool) {
	for at := s; at != nil; at = at.outer {
		for _, src := range at.sources {
			if qualifier != "" && !strings.EqualFold(src.alias, qualifier) {
				continue
			}
			if column, ok := src.column(name); ok {
				e := at.use(src, column)
				if qualifier == "" && src.optional && at.mergedLater(src, name) {
					// It is the other side's column where this side has no row.
					e.strict, e.table, e.origin = nil, "", ""
				}
				return e, true
			}
		}
		if e, ok := at.aliases[strings.ToLower(name)]; ok && qualifier == "" {
			return e, true
		}
		for _, src := range at.sources {
			if qualifier != "" && !strings.EqualFold(src.alias, qualifier) {
				continue
			}
			if column, ok := src.hidden(name); ok {
				e := at.use(src, column)
				e.table, e.origin = "", ""
				return e, true
			}
			if src.unknown {
				return expr{}, false // it may be one of this source's
			}
		}
	}
	return expr{}, false
}

func (s *scope) use(src *source, column Column) expr {
	k := key{src, strings.ToLower(column.Name)}
	e := expr{
		typ:      column.Type,
		nullable: column.Nullable || src.optional,
		name:     column.Name,
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

// star returns the columns that qualifier.* stands for, or * when qualifier is empty,
// and the way to write each.
func (s *scope) star(qualifier string) (outputs []Output, texts []string, found *source) {
	for _, src := range s.sources {
		if qualifier != "" && !strings.EqualFold(src.alias, qualifier) {
			continue
		}
		found = src
		for _, column := range src.columns {
			if qualifier == "" && src.isMerged(column.Name) {
				continue
			}
			e := s.use(src, column)
			outputs = append(outputs, e.output())
			text := quote(column.Name)
			if qualifier != "" || len(s.sources) > 1 && !s.mergedLater(src, column.Name) {
				text = quote(src.alias) + "." + text
			}
			texts = append(texts, text)
		}
		if qualifier != "" {
			break
		}
	}
	return outputs, texts, found
}

// mergedLater reports whether a later source joined its column of that name into
// this one. It is written without the source then, as * means it.
func (s *scope) mergedLater(src *source, name string) bool {
	i := slices.Index(s.sources, src)
	return slices.ContainsFunc(s.sources[i+1:], func(later *source) bool { return later.isMerged(name) })
}

// quote writes an identifier, in quotes where SQLite needs them.
func quote(name string) string {
	plain := name != "" && !('0' <= name[0] && name[0] <= '9')
	for _, c := range name {
		if c != '_' && !('a' <= c && c <= 'z') && !('A' <= c && c <= 'Z') && !('0' <= c && c <= '9') {
			plain = false
		}
	}
	if plain && !slices.Contains(reserved, strings.ToUpper(name)) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// reserved are the keywords that SQLite never takes for a name.
var reserved = []string{
	"ADD", "ALL", "ALTER", "AND", "AS", "AUTOINCREMENT", "BETWEEN", "CASE", "CHECK", "COLLATE", "COMMIT",
	"CONSTRAINT", "CREATE", "CROSS", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "DEFAULT",
	"DEFERRABLE", "DELETE", "DISTINCT", "DROP", "ELSE", "ESCAPE", "EXCEPT", "EXISTS", "FOREIGN", "FROM",
	"FULL", "GROUP", "HAVING", "IN", "INDEX", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN",
	"LEFT", "LIMIT", "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "ON", "OR", "ORDER", "OUTER", "PRIMARY",
	"REFERENCES", "RETURNING", "RIGHT", "SELECT", "SET", "TABLE", "THEN", "TO", "TRANSACTION", "UNION",
	"UNIQUE", "UPDATE", "USING", "VALUES", "WHEN", "WHERE",
}
