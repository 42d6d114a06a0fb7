package differential

import (
	"fmt"
	"strconv"
	"strings"
)

// naming says what the columns of a selection have to be called.
type naming int

const (
	named naming = iota // each by a name of its own
	free                // as it comes, also by * and sqlc.embed
)

// selection is a SELECT that was drawn.
type selection struct {
	text    string
	columns []column
}

// selection draws a SELECT. With kinds it has columns of these kinds.
func (w *writer) selection(outer scope, wanted []kind, depth int, naming naming) selection {
	switch {
	case wanted == nil && w.oneIn(5):
		return w.aggregation(outer, depth, naming)
	case wanted == nil && w.oneIn(6) && depth > 0:
		return w.compound(outer, depth)
	}
	tables, s := w.sources(outer, depth)
	own := len(s) - len(outer)
	var columns []column
	var outputs []string
	stars := false
	if wanted == nil && w.oneIn(3) && naming == free {
		text, all := w.star(s, own)
		outputs, columns, stars = append(outputs, text), all, true
	}
	count := len(wanted)
	if wanted == nil {
		count = 1 + w.index(4)
		if stars {
			count = w.index(2)
		}
	}
	for i := range count {
		k := w.anyOf(kinds...)
		if wanted != nil {
			k = wanted[i]
		}
		output, c := w.output(k, s, own, depth, naming)
		outputs, columns = append(outputs, output), append(columns, c)
	}
	text := fmt.Sprintf("SELECT %s%s FROM %s%s", w.pick("", "", "", "DISTINCT "), strings.Join(outputs, ", "), tables, w.where(s, depth))
	if w.window != "" && naming == free {
		text += " WINDOW named AS (" + w.window + ")"
	}
	return selection{text: text, columns: columns}
}

// star draws *, the star of one source, or an embedded one.
func (w *writer) star(s scope, own int) (string, []column) {
	i := w.index(own)
	one := s[i]
	switch {
	case one.table && w.oneIn(2):
		return w.put(use{"sqlc.embed('" + one.name + "')", w.identifier(one.name) + ".*", -1}), one.columns
	case own == 1 || w.oneIn(2):
		var all []column
		for _, source := range s[:own] {
			all = append(all, source.columns...)
		}
		return "*", all
	default:
		return one.name + ".*", one.columns
	}
}

// output draws a column of a result.
func (w *writer) output(k kind, s scope, own, depth int, naming naming) (string, column) {
	var value string
	columns := s[:own].of(k)
	if len(columns) > 0 && !w.oneIn(3) {
		c := columns[w.index(len(columns))]
		value = w.reference(c, s)
		if naming == free && w.oneIn(2) {
			return value, column{name: c.name, kind: k}
		}
	} else if naming == free && depth > 0 && w.oneIn(5) {
		value = w.windowed(k, s, own)
	} else {
		value = w.expression(k, s, depth)
	}
	name := w.alias(w.pick("c", "col_", "Wert"))
	if naming == free && (k == moment || k == document || k == decimal) && w.oneIn(2) {
		w.hints = append(w.hints, hint{-1, fmt.Sprintf("-- @column %s %s", name, hints[k])})
	}
	return value + w.pick(" AS ", " ") + name, column{name: name, kind: k}
}

// windowed draws a window function.
func (w *writer) windowed(k kind, s scope, own int) string {
	order := w.ordered(s, own)
	if order == "" {
		return w.pick(literals[k]...)
	}
	over := order
	if all := s[:own].all(); w.oneIn(3) {
		over = "PARTITION BY " + w.reference(all[w.index(len(all))], s) + " " + order
	}
	over += w.pick("", "", " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS UNBOUNDED PRECEDING")
	if w.window == "" && w.oneIn(3) {
		w.window = over
	}
	over = "(" + over + ")"
	if w.window != "" && w.oneIn(2) {
		over = "named"
	}
	value := w.leaf(k, s)
	if k == integer && w.oneIn(2) {
		return fmt.Sprintf("%s OVER %s", w.pick("row_number()", "rank()", "dense_rank()", "ntile(3)", "count(*)", "sum("+value+" % 100)"), over)
	}
	return fmt.Sprintf("%s OVER %s", w.pick("lag("+value+")", "lead("+value+", 1, "+w.pick(literals[k]...)+")", "first_value("+value+")", "nth_value("+value+", 2)", "max("+value+")"), over)
}

// aggregation draws a SELECT of groups.
func (w *writer) aggregation(outer scope, depth int, naming naming) selection {
	tables, s := w.sources(outer, depth)
	own := len(s) - len(outer)
	var groups, outputs []string
	var columns []column
	all := s[:own].all()
	for range w.index(3) {
		if len(all) == 0 {
			break
		}
		c := all[w.index(len(all))]
		group := w.reference(c, s)
		name := w.alias("g")
		groups = append(groups, group)
		outputs = append(outputs, group+" AS "+name)
		columns = append(columns, column{name: name, kind: c.kind})
	}
	for range 1 + w.index(3) {
		value, k := w.aggregate(s, depth)
		name := w.alias("agg")
		outputs = append(outputs, value+" AS "+name)
		columns = append(columns, column{name: name, kind: k})
	}
	text := fmt.Sprintf("SELECT %s FROM %s%s", strings.Join(outputs, ", "), tables, w.where(s, depth))
	if len(groups) > 0 {
		text += " GROUP BY " + w.pick(strings.Join(groups, ", "), strings.Join(groups, ", "), positions(len(groups)))
	}
	if len(groups) > 0 && w.oneIn(2) || w.oneIn(8) {
		value, k := w.aggregate(s, depth)
		text += fmt.Sprintf(" HAVING %s %s %s", value, w.pick(">", "=", "<="), w.pick(w.typed(k), w.param(k)))
	}
	return selection{text: text, columns: columns}
}

// aggregate draws an aggregate function.
func (w *writer) aggregate(s scope, depth int) (string, kind) {
	of := func(k kind) string { return w.expression(k, s, min(depth, 2)-1) }
	filter := w.pick("", "", "", " FILTER (WHERE "+w.condition(s, 0)+")")
	switch w.index(9) {
	case 0:
		return "count(*)" + filter, integer
	case 1:
		return fmt.Sprintf("count(%s%s)", w.pick("", "DISTINCT "), of(w.anyOf(kinds...))) + filter, integer
	case 2:
		return fmt.Sprintf("sum(%s %% 1000)", of(integer)) + filter, integer
	case 3:
		return fmt.Sprintf("%s(%s)", w.pick("total", "avg"), of(w.anyOf(integer, real, decimal))) + filter, real
	case 4, 5:
		k := w.anyOf(kinds...)
		return fmt.Sprintf("%s(%s)", w.pick("min", "max"), of(k)) + filter, k
	case 6:
		value := of(text)
		return fmt.Sprintf("group_concat(%s, %s ORDER BY %s)", value, w.pick("', '", "' 🙂 '", w.typed(text)), value) + filter, text
	case 7:
		return fmt.Sprintf("sum(%s)", of(boolean)) + filter, integer
	default:
		value := of(text)
		return fmt.Sprintf("json_group_array(%s ORDER BY %s)", value, value) + filter, document
	}
}

// compound draws two SELECTs with UNION and so on between them.
func (w *writer) compound(outer scope, depth int) selection {
	wanted := make([]kind, 1+w.index(3))
	for i := range wanted {
		wanted[i] = w.anyOf(kinds...)
	}
	first := w.selection(outer, wanted, depth-1, named)
	for range 1 + w.index(2) {
		next := w.selection(outer, wanted, depth-1, named)
		first.text += w.pick(" UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT ") + next.text
	}
	return first
}

// ordering draws ORDER BY, LIMIT and OFFSET. What is limited is ordered by every
// column, for two ways to write the same query may give their rows in different orders.
func (w *writer) ordering(s selection) string {
	all := " ORDER BY " + positions(len(s.columns))
	return w.form(
		func() string { return all },
		func() string { return strings.ReplaceAll(all, ",", " DESC,") },
		func() string { return all + " NULLS LAST" },
		func() string {
			return fmt.Sprintf(" ORDER BY CASE WHEN %s THEN 1 ELSE 2 END %s, %s", w.typed(boolean), w.pick("ASC", "DESC"), positions(len(s.columns)))
		},
		func() string {
			return fmt.Sprintf(" ORDER BY CASE %s WHEN 'a' THEN 1 END, %s", w.typed(text), positions(len(s.columns)))
		},
		func() string { return all + " LIMIT " + w.pick("3", w.param(integer)) },
		func() string {
			return fmt.Sprintf("%s LIMIT %s OFFSET %s", all, w.param(integer), w.pick("1", w.param(integer)))
		},
		func() string {
			return fmt.Sprintf("%s LIMIT %s, %s", all, w.pick("1", w.param(integer)), w.pick("5", w.param(integer)))
		},
	)
}

// positions writes the numbers of the first columns of a result.
func positions(count int) string {
	numbers := make([]string, count)
	for i := range numbers {
		numbers[i] = strconv.Itoa(i + 1)
	}
	return strings.Join(numbers, ", ")
}
