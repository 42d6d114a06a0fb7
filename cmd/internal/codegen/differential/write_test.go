package differential

import (
	"fmt"
	"strings"
)

// change is a statement that writes.
type change struct {
	text     string
	returns  bool
	bulkable bool // it can be run for many rows
	insert   bool
}

// change draws an INSERT, an UPDATE or a DELETE.
func (w *writer) change() change {
	bases := w.schema.bases()
	t := bases[w.index(len(bases))]
	var c change
	switch w.index(5) {
	case 0, 1:
		c = w.insertion(t)
	case 2, 3:
		c.text = w.update(t)
	default:
		c.text = w.deletion(t)
	}
	c.bulkable = c.bulkable || !c.insert
	if w.oneIn(3) {
		c.text += " RETURNING " + w.returning(t)
		c.returns = true
	}
	return c
}

// own is the scope of a statement that writes: its table, with the table's name alone.
func (w *writer) own(t *table) scope {
	return scope{{name: w.identifier(t.name), columns: t.columns, table: true}}
}

// returning draws what a statement that writes gives back.
func (w *writer) returning(t *table) string {
	if w.oneIn(2) {
		return "*"
	}
	s := w.own(t)
	outputs := make([]string, 1+w.index(3))
	for i := range outputs {
		outputs[i], _ = w.output(w.anyOf(kinds...), s, 1, 1, named)
	}
	return strings.Join(outputs, ", ")
}

// insertion draws an INSERT of values, of a query's rows, or of defaults.
func (w *writer) insertion(t *table) change {
	var columns []column
	omissible := true
	for _, c := range t.columns {
		omissible = omissible && c.omissible
		if !c.generated && (!c.omissible || !w.oneIn(3)) {
			columns = append(columns, c)
		}
	}
	// Not OR FAIL: by hand, the rows before the one that fails stay.
	verb := w.pick("INSERT", "INSERT", "INSERT", "INSERT OR IGNORE", "INSERT OR REPLACE", "REPLACE", "INSERT OR ABORT")
	into := fmt.Sprintf("%s INTO %s", verb, w.identifier(t.name))
	if len(columns) == 0 || omissible && w.oneIn(6) {
		return change{text: into + " DEFAULT VALUES", insert: true}
	}
	list := make([]string, len(columns))
	wanted := make([]kind, len(columns))
	for i, c := range columns {
		list[i], wanted[i] = w.identifier(c.name), c.kind
	}
	into += fmt.Sprintf(" (%s) ", strings.Join(list, ", "))
	if w.oneIn(5) {
		rows := w.selection(nil, wanted, 1, named)
		text := rows.text
		if !strings.Contains(text, " WHERE ") {
			text += " WHERE true"
		}
		with := ""
		if w.oneIn(4) {
			with = fmt.Sprintf("WITH given (v) AS (SELECT %s) ", w.typed(integer))
			text += " AND EXISTS (SELECT 1 FROM given WHERE v IS NOT NULL)"
		}
		return change{text: with + into + text + w.upsert(t, verb), insert: true}
	}
	rows := make([]string, 1+max(w.index(4)-2, 0))
	for i := range rows {
		values := make([]string, len(columns))
		for j, c := range columns {
			values[j] = w.value(c.kind)
		}
		rows[i] = "(" + strings.Join(values, ", ") + ")"
	}
	return change{text: into + "VALUES " + strings.Join(rows, ", ") + w.upsert(t, verb), insert: true, bulkable: true}
}

// value draws a value for a column, mostly a parameter.
func (w *writer) value(k kind) string {
	if w.oneIn(6) {
		return w.expression(k, nil, 1)
	}
	return w.stored(k)
}

// stored draws a parameter that is put into a column. What is no date is none there:
// SQLite would make a number of "9", which no reader of dates expects.
func (w *writer) stored(k kind) string {
	if k == day {
		return "date(" + w.param(k) + ")"
	}
	return w.param(k)
}

// upsert draws ON CONFLICT, or nothing.
func (w *writer) upsert(t *table, verb string) string {
	if verb != "INSERT" || !w.oneIn(2) {
		return ""
	}
	target := ""
	if len(t.key) > 0 {
		keys := make([]string, len(t.key))
		for i, key := range t.key {
			keys[i] = w.identifier(key)
		}
		target = " (" + strings.Join(keys, ", ") + ")"
	}
	if target == "" || w.oneIn(3) {
		return " ON CONFLICT" + target + " DO NOTHING"
	}
	s := append(w.own(t), source{name: "excluded", columns: t.columns})
	text := " ON CONFLICT" + target + " DO UPDATE SET " + w.assignments(t, s)
	if w.oneIn(3) {
		text += " WHERE " + w.condition(s, 0)
	}
	return text
}

// assignments draws what stands behind SET.
func (w *writer) assignments(t *table, s scope) string {
	var free []column
	for _, c := range t.columns {
		if !c.generated && !c.unique {
			free = append(free, c)
		}
	}
	if len(free) == 0 {
		name := w.identifier(t.columns[0].name)
		return name + " = " + s[0].name + "." + name
	}
	first := w.index(len(free))
	if len(free) > 1 && w.oneIn(6) {
		other := free[(first+1)%len(free)]
		values := fmt.Sprintf("%s, %s", w.value(free[first].kind), w.value(other.kind))
		if w.oneIn(3) {
			rows := w.selection(nil, []kind{free[first].kind, other.kind}, 1, named)
			values = rows.text + " ORDER BY 1, 2 LIMIT 1"
		}
		return fmt.Sprintf("(%s, %s) = (%s)", w.identifier(free[first].name), w.identifier(other.name), values)
	}
	var set []string
	for i := range 1 + w.index(min(len(free), 3)) {
		c := free[(first+i)%len(free)]
		value := w.stored(c.kind)
		if w.oneIn(2) {
			value = w.expression(c.kind, s, 2)
		}
		set = append(set, w.identifier(c.name)+" = "+value)
	}
	return strings.Join(set, ", ")
}

// update draws an UPDATE, sometimes with a second table.
func (w *writer) update(t *table) string {
	s := w.own(t)
	w.names["table "+t.name] = true
	verb := w.pick("UPDATE", "UPDATE", "UPDATE", "UPDATE OR IGNORE", "UPDATE OR REPLACE")
	from := ""
	if w.oneIn(4) {
		// One row for each, so that it is not left open which of several is taken.
		inner := w.selection(nil, nil, 0, named)
		name := w.alias("src")
		from = fmt.Sprintf(" FROM (%s ORDER BY %s LIMIT 1) AS %s", inner.text, positions(len(inner.columns)), name)
		s = append(s, source{name: name, columns: inner.columns})
	}
	return fmt.Sprintf("%s %s SET %s%s%s", verb, s[0].name, w.assignments(t, s), from, w.where(s, 1))
}

// deletion draws a DELETE.
func (w *writer) deletion(t *table) string {
	s := w.own(t)
	w.names["table "+t.name] = true
	return fmt.Sprintf("DELETE FROM %s WHERE %s", s[0].name, w.condition(s, 2))
}
