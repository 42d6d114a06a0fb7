package differential

import (
	"fmt"
)

// expression draws a value of a kind from what is in scope.
func (w *writer) expression(k kind, s scope, depth int) string {
	if depth <= 0 || w.oneIn(3) {
		return w.leaf(k, s)
	}
	of := func(k kind) string { return w.expression(k, s, depth-1) }
	return w.form(
		func() string { return w.computed(k, s, depth) },
		func() string { return w.computed(k, s, depth) },
		func() string { return w.computed(k, s, depth) },
		func() string {
			return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", w.condition(s, depth-1), of(k), w.pick(of(k), "NULL"))
		},
		func() string {
			return fmt.Sprintf("CASE %s WHEN %s THEN %s WHEN %s THEN %s END", of(text), w.pick(literals[text]...), of(k), w.pick(literals[text]...), of(k))
		},
		func() string { return fmt.Sprintf("coalesce(%s, %s)", of(k), of(k)) },
		func() string { return fmt.Sprintf("ifnull(%s, %s)", of(k), w.pick(literals[k]...)) },
		func() string { return fmt.Sprintf("nullif(%s, %s)", of(k), w.pick(literals[k]...)) },
		func() string { return fmt.Sprintf("iif(%s, %s, %s)", w.condition(s, depth-1), of(k), of(k)) },
		func() string { return fmt.Sprintf("%s(%s, %s)", w.pick("min", "max"), of(k), of(k)) },
		func() string { return w.scalar(k, s, depth) },
	)
}

// leaf draws a column, a constant or a parameter.
func (w *writer) leaf(k kind, s scope) string {
	columns := s.of(k)
	switch choice := w.index(4); {
	case len(columns) > 0 && choice < 2:
		return w.reference(columns[w.index(len(columns))], s)
	case choice == 2:
		return w.typed(k)
	default:
		return w.pick(literals[k]...)
	}
}

// computed draws an operator or a function. Whole numbers are kept small where they
// are multiplied or added: what overflows becomes a REAL.
func (w *writer) computed(k kind, s scope, depth int) string {
	of := func(k kind) string { return w.expression(k, s, depth-1) }
	small := func() string { return fmt.Sprintf("(%s %% 1000)", of(integer)) }
	switch k {
	case integer:
		return w.form(
			func() string { return fmt.Sprintf("(%s %s %s)", small(), w.pick("+", "-", "*", "/", "%"), small()) },
			func() string { return fmt.Sprintf("(%s %s %s)", of(integer), w.pick("&", "|", "<<", ">>"), small()) },
			func() string { return fmt.Sprintf("length(%s)", of(w.anyOf(text, blob))) },
			func() string { return fmt.Sprintf("%s(%s)", w.pick("abs", "-", "~", "+"), small()) },
			func() string {
				return fmt.Sprintf("CAST(%s AS INTEGER)", of(w.anyOf(text, real, boolean, integer)))
			},
			func() string { return fmt.Sprintf("instr(%s, %s)", of(text), of(text)) },
			func() string { return fmt.Sprintf("unicode(%s)", of(text)) },
			func() string { return fmt.Sprintf("json_array_length(%s)", of(document)) },
			func() string { return "(" + w.condition(s, depth-1) + ")" },
			func() string { return fmt.Sprintf("unixepoch(%s)", of(moment)) },
			func() string { return fmt.Sprintf("octet_length(%s)", of(text)) },
			func() string { return fmt.Sprintf("sign(%s)", of(integer)) },
		)
	case text:
		return w.form(
			func() string { return fmt.Sprintf("(%s || %s)", of(text), of(w.anyOf(text, integer))) },
			func() string {
				return fmt.Sprintf("%s(%s)", w.pick("upper", "lower", "trim", "ltrim", "rtrim"), of(text))
			},
			func() string { return fmt.Sprintf("substr(%s, %s)", of(text), w.pick("2", "-2", "1, 2", "0")) },
			func() string {
				return fmt.Sprintf("replace(%s, %s, %s)", of(text), w.pick(literals[text]...), of(text))
			},
			func() string { return fmt.Sprintf("CAST(%s AS TEXT)", of(w.anyOf(kinds...))) },
			func() string {
				return fmt.Sprintf("%s(%s)", w.pick("hex", "quote", "typeof", "json_quote"), of(w.anyOf(integer, text, real)))
			},
			func() string {
				return fmt.Sprintf("%s('%%d-%%s', %s, %s)", w.pick("printf", "format"), of(integer), of(text))
			},
			func() string { return fmt.Sprintf("strftime('%%Y', %s)", of(moment)) },
			func() string { return fmt.Sprintf("json_type(%s, '$.a')", of(document)) },
			func() string { return fmt.Sprintf("CAST(%s ->> '$.a' AS TEXT)", of(document)) },
			func() string { return fmt.Sprintf("%s(%s, %s)", w.pick("concat", "concat_ws"), of(text), of(text)) },
			func() string { return fmt.Sprintf("(%s COLLATE NOCASE)", of(text)) },
		)
	case real, decimal:
		return w.form(
			func() string {
				return fmt.Sprintf("(%s %s %s)", of(real), w.pick("+", "-", "*", "/"), of(w.anyOf(real, integer)))
			},
			func() string { return fmt.Sprintf("round(%s%s)", of(real), w.pick("", ", 1")) },
			func() string { return fmt.Sprintf("abs(%s)", of(real)) },
			func() string { return fmt.Sprintf("CAST(%s AS REAL)", of(w.anyOf(text, integer, decimal))) },
			func() string { return fmt.Sprintf("julianday(%s)", of(moment)) },
		)
	case boolean:
		return "(" + w.condition(s, depth-1) + ")"
	case blob:
		return w.form(
			func() string { return fmt.Sprintf("CAST(%s AS BLOB)", of(text)) },
			func() string { return fmt.Sprintf("zeroblob(%s)", w.pick("0", "3")) },
			func() string { return fmt.Sprintf("unhex(hex(%s))", of(blob)) },
		)
	case moment:
		return w.form(
			func() string { return fmt.Sprintf("datetime(%s%s)", of(moment), w.pick("", ", '+1 day'")) },
			func() string { return fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f', %s)", of(moment)) },
		)
	case day:
		return fmt.Sprintf("date(%s%s)", of(w.anyOf(moment, day)), w.pick("", ", 'start of month'", ", '-1 day'"))
	default:
		return w.form(
			func() string { return fmt.Sprintf("json_object('k', %s, 'ü', %s)", of(text), of(integer)) },
			func() string { return fmt.Sprintf("json_array(%s, %s, NULL)", of(text), of(real)) },
			func() string { return fmt.Sprintf("json(%s)", of(document)) },
			func() string { return fmt.Sprintf("json_set(%s, '$.b', %s)", of(document), of(integer)) },
			func() string { return fmt.Sprintf("(%s -> '$.a')", of(document)) },
		)
	}
}

func (w *writer) anyOf(some ...kind) kind { return some[w.index(len(some))] }

// scalar draws a subquery of one value.
func (w *writer) scalar(k kind, s scope, depth int) string {
	tables, inner := w.sources(s, depth-1)
	return fmt.Sprintf("(SELECT %s FROM %s%s ORDER BY 1 LIMIT 1)", w.expression(k, inner, depth-1), tables, w.where(inner, depth-1))
}

// where draws a WHERE, or none.
func (w *writer) where(s scope, depth int) string {
	if w.oneIn(4) {
		return ""
	}
	return " WHERE " + w.condition(s, depth)
}

// condition draws what is true or false.
func (w *writer) condition(s scope, depth int) string {
	k := w.anyOf(kinds...)
	left := func() string { return w.operand(k, s, depth) }
	right := func() string { return w.against(k, s, depth) }
	if depth <= 0 {
		return fmt.Sprintf("%s %s %s", left(), w.pick("=", "<", ">=", "<>", "IS"), right())
	}
	again := func() string { return w.condition(s, depth-1) }
	not := w.pick("", "", "NOT ")
	return w.form(
		func() string {
			return fmt.Sprintf("%s %s %s", left(), w.pick("=", "==", "<", "<=", ">", ">=", "<>", "!=", "IS", "IS NOT"), right())
		},
		func() string { return fmt.Sprintf("(%s AND %s)", again(), again()) },
		func() string { return fmt.Sprintf("(%s OR %s)", again(), again()) },
		func() string { return fmt.Sprintf("NOT (%s)", again()) },
		func() string { return fmt.Sprintf("%s %sIN (%s)", left(), not, w.list(k)) },
		func() string { return fmt.Sprintf("%s %sIN (%s)", left(), not, w.list(k)) },
		func() string { return fmt.Sprintf("%s %sBETWEEN %s AND %s", left(), not, right(), right()) },
		func() string { return fmt.Sprintf("%s IS %sNULL", left(), not) },
		func() string { return fmt.Sprintf("%s IS %sDISTINCT FROM %s", left(), not, right()) },
		func() string {
			k = text
			return fmt.Sprintf("%s %sLIKE %s%s", left(), not, right(), w.pick("", ` ESCAPE '\'`, " ESCAPE '!'"))
		},
		func() string {
			k = text
			return fmt.Sprintf("%s %sGLOB %s", left(), not, w.pick("'*a*'", "'[a-zü]*'", right()))
		},
		func() string {
			tables, inner := w.sources(s, depth-1)
			return fmt.Sprintf("%sEXISTS (SELECT 1 FROM %s%s)", not, tables, w.where(inner, depth-1))
		},
		func() string {
			tables, inner := w.sources(s, depth-1)
			return fmt.Sprintf("%s %sIN (SELECT %s FROM %s%s)", left(), not, w.operand(k, inner, depth-1), tables, w.where(inner, depth-1))
		},
		func() string {
			return fmt.Sprintf("(%s, %s) %s (%s, %s)", left(), w.operand(integer, s, 0), w.pick("=", "<", ">="), right(), w.against(integer, s, 0))
		},
		func() string {
			return fmt.Sprintf("EXISTS (SELECT 1 FROM json_each(%s) AS j WHERE j.%s)", w.operand(document, s, 0), w.pick("type = 'text'", "value = 1", "key > 0"))
		},
		func() string { return w.operand(boolean, s, depth) },
		func() string {
			p := w.param(k)
			return fmt.Sprintf("(%s IS NULL OR %s = %s)", p, left(), p)
		},
	)
}

// operand draws what stands on the left of a comparison, mostly a column.
func (w *writer) operand(k kind, s scope, depth int) string {
	if columns := s.of(k); len(columns) > 0 && !w.oneIn(4) {
		return w.reference(columns[w.index(len(columns))], s)
	}
	return w.expression(k, s, depth-1)
}

// against draws what a value is compared with, mostly a parameter.
func (w *writer) against(k kind, s scope, depth int) string {
	if w.oneIn(3) {
		return w.expression(k, s, depth-1)
	}
	return w.param(k)
}
