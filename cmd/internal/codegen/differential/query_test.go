package differential

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// query is a statement with its name and command.
type query struct {
	name    string
	text    string // as it stands in a file of queries, below its name
	command string
	plain   string // as SQLite reads it
	args    []any  // what SQLite needs to explain it
}

func (q query) String() string {
	return fmt.Sprintf("-- name: %s :%s\n%s;\n", q.name, q.command, q.text)
}

// drawQuery draws a query on a schema.
func drawQuery(s *schema) func(*rapid.T) query {
	return func(t *rapid.T) query {
		d := &drawer{t}
		w := &writer{drawer: d, schema: s, names: names{}, style: style(d.index(int(styles)))}
		var marked, command string
		if w.oneIn(3) {
			c := w.change()
			marked, command = c.text, w.commandOf(c)
		} else {
			marked, command = w.reading(), w.pick("many", "many", "many", "one")
		}
		if w.oneIn(8) {
			marked = strings.Replace(marked, " ", w.pick(" /* ü 🙂; ? @no 'it''s */ ", "\n-- it's said; @no\n", "\n\t"), 1)
		}
		q := query{text: w.text(marked), command: command, plain: w.plain(marked)}
		if w.takesArguments(marked) {
			q.args = []any{nil}
		}
		return q
	}
}

// commandOf draws a command for a statement that writes.
func (w *writer) commandOf(c change) string {
	lists := false
	for _, p := range w.params {
		lists = lists || p.list
	}
	switch {
	case c.returns:
		return w.pick("many", "one", "many", "exec")
	case c.bulkable && w.takesArguments(c.text) && !lists && w.oneIn(3):
		return "copyfrom"
	case c.insert:
		return w.pick("exec", "execrows", "execresult", "execlastid")
	default:
		return w.pick("exec", "execrows", "execrows", "execresult")
	}
}

// reading draws a query that only reads.
func (w *writer) reading() string {
	switch w.index(12) {
	case 9:
		return fmt.Sprintf("VALUES (1, 'ü', %s), (2, NULL, %s)", w.typed(integer), w.pick(literals[integer]...))
	case 10:
		return w.recursive()
	case 11:
		return w.common()
	default:
		s := w.selection(nil, nil, 2, free)
		return s.text + w.ordering(s)
	}
}

// common draws a query on one that has a name.
func (w *writer) common() string {
	inner := w.selection(nil, nil, 1, named)
	name := w.alias(w.pick("cte", "Ü"))
	head := fmt.Sprintf("WITH %s AS %s(%s) ", name, w.pick("", "", "MATERIALIZED ", "NOT MATERIALIZED "), inner.text)
	if w.oneIn(3) {
		renamed := make([]string, len(inner.columns))
		for i := range renamed {
			renamed[i] = fmt.Sprintf("r%d", i)
			inner.columns[i].name = renamed[i]
		}
		head = fmt.Sprintf("WITH %s (%s) AS (%s) ", name, strings.Join(renamed, ", "), inner.text)
	}
	// The name is a table like others as long as the query goes.
	with := *w.schema
	with.tables = append([]*table{{name: name, columns: inner.columns, view: true}}, w.schema.tables...)
	w.schema = &with
	s := w.selection(nil, nil, 2, free)
	return head + s.text + w.ordering(s)
}

// recursive draws a query that counts. It ends, whatever its parameters are.
func (w *writer) recursive() string {
	counted := fmt.Sprintf("WITH RECURSIVE n(i, label) AS (SELECT 1, %s UNION ALL SELECT i + 1, label || '.' FROM n WHERE i < 3 + abs(%s %% 5)) ",
		w.pick(literals[text]...), w.typed(integer))
	numbers := source{name: "n", columns: []column{{name: "i", kind: integer}, {name: "label", kind: text}}}
	return counted + fmt.Sprintf("SELECT i, %s AS other, label FROM n WHERE %s ORDER BY 1, 2, 3",
		w.expression(w.anyOf(kinds...), scope{numbers}, 1), w.condition(scope{numbers}, 1))
}
