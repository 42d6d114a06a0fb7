package differential

import (
	"fmt"
	"strings"
)

// source is something that a query reads from.
type source struct {
	name    string // what its columns are qualified with, as it is written
	columns []column
	table   bool // which sqlc.embed can embed
}

// scope is what an expression can mention, the query's own sources first.
type scope []source

// found is a column in scope.
type found struct {
	column
	source int
}

// of returns the columns of a kind.
func (s scope) of(k kind) []found {
	var all []found
	for i, source := range s {
		for _, c := range ofKind(source.columns, k) {
			all = append(all, found{c, i})
		}
	}
	return all
}

// all returns the columns that have one type.
func (s scope) all() []found {
	var all []found
	for i, source := range s {
		for _, c := range source.columns {
			if !c.opaque {
				all = append(all, found{c, i})
			}
		}
	}
	return all
}

// reference writes a column, with its source where another may have the name too.
func (w *writer) reference(c found, s scope) string {
	if len(s) > 1 || w.oneIn(2) {
		return s[c.source].name + "." + w.identifier(c.name)
	}
	return w.identifier(c.name)
}

// sources draws what stands behind FROM. The scope that comes back holds the outer one.
func (w *writer) sources(outer scope, depth int) (string, scope) {
	text, first := w.source(depth)
	own := scope{first}
	for w.oneIn(3) && len(own) < 3 {
		next, s := w.source(depth - 1)
		left := own
		own = append(own, s)
		text += w.joined(next, left, own, s, depth)
	}
	return text, append(own, outer...)
}

// joined draws how one more source is joined.
func (w *writer) joined(next string, left, all scope, s source, depth int) string {
	on := func() string {
		for _, c := range s.columns {
			if others := left.of(c.kind); len(others) > 0 && !c.opaque && !w.oneIn(3) {
				return fmt.Sprintf("%s.%s = %s", s.name, w.identifier(c.name), w.reference(others[w.index(len(others))], all))
			}
		}
		return w.condition(all, min(depth, 1)-1)
	}
	if documents := left.of(document); len(documents) > 0 && w.oneIn(6) {
		return fmt.Sprintf(", json_each(%s) AS %s CROSS JOIN %s", w.reference(documents[w.index(len(documents))], all), w.alias("each"), next)
	}
	switch w.index(9) {
	case 7: // what does not fit is drawn again
		return fmt.Sprintf(" %s %s USING (%s)", w.pick("JOIN", "LEFT JOIN"), next, w.identifier(s.columns[w.index(len(s.columns))].name))
	case 8:
		return fmt.Sprintf(" NATURAL %s %s", w.pick("JOIN", "LEFT JOIN"), next)
	case 0, 1:
		return fmt.Sprintf(" %s %s ON %s", w.pick("JOIN", "INNER JOIN"), next, on())
	case 2, 3:
		return fmt.Sprintf(" %s %s ON %s", w.pick("LEFT JOIN", "LEFT OUTER JOIN"), next, on())
	case 4:
		return fmt.Sprintf(" %s %s ON %s", w.pick("RIGHT JOIN", "FULL OUTER JOIN"), next, on())
	case 5:
		return " CROSS JOIN " + next
	default:
		return ", " + next
	}
}

// source draws a table, a subquery, a list of values or a function of the FROM clause.
func (w *writer) source(depth int) (string, source) {
	if depth > 0 && w.oneIn(5) {
		inner := w.selection(nil, nil, depth-1, named)
		name := w.alias("sub")
		return fmt.Sprintf("(%s)%s%s", inner.text, w.pick(" AS ", " "), name), source{name: name, columns: inner.columns}
	}
	if depth > 0 && w.oneIn(12) {
		name := w.alias("vals")
		return fmt.Sprintf("(VALUES (1, 'ä'), (%s, 'b;')) AS %s", w.typed(integer), name), source{name: name, columns: []column{
			{name: "column1", kind: integer}, {name: "column2", kind: text},
		}}
	}
	if depth > 0 && w.oneIn(12) {
		name := w.alias("each")
		return fmt.Sprintf("json_each(%s) AS %s", w.typed(document), name), source{name: name, columns: []column{
			{name: "key", opaque: true}, {name: "value", opaque: true}, {name: "type", kind: text}, {name: "atom", opaque: true},
			{name: "id", kind: integer}, {name: "parent", kind: integer}, {name: "fullkey", kind: text}, {name: "path", kind: text},
		}}
	}
	t := w.schema.tables[w.index(len(w.schema.tables))]
	return w.tableSource(t)
}

// tableSource writes a table with an alias, or, once in a statement, without.
func (w *writer) tableSource(t *table) (string, source) {
	written := w.identifier(t.name)
	s := source{name: written, columns: t.columns, table: !t.view}
	if w.names["table "+t.name] || w.oneIn(2) {
		s.name = w.alias(w.pick("t", "t", "Ü"))
		return written + w.pick(" AS ", " ") + s.name, s
	}
	w.names["table "+t.name] = true
	return written, s
}

// ordered draws an ORDER BY over all columns of the sources, so that nothing is open.
func (w *writer) ordered(s scope, own int) string {
	var columns []string
	for _, c := range s[:own].all() {
		columns = append(columns, w.reference(c, s)+w.pick("", "", " DESC"))
	}
	if len(columns) == 0 {
		return ""
	}
	return "ORDER BY " + strings.Join(columns, ", ")
}
