package sqlcheck

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// shape is what a schema does, by the names of its objects.
type shape map[string]part

// part is an object of a schema.
type part struct {
	object  Object
	columns []column // of a table
	rules   []string // all else that the object does, in a fixed order
}

// column is a column of a table, as far as its order and name go, and all that is
// declared of it.
type column struct{ name, declared string }

func readShape(conn *sqlite.Conn, of scope) (shape, error) {
	found, err := readObjects(conn, of)
	if err != nil {
		return nil, err
	}
	s := shape{}
	for _, o := range found {
		p := part{object: o, rules: []string{strings.Join(words(o.SQL), " ")}}
		if o.Kind == Table {
			if p, err = readTable(conn, o); err != nil {
				return nil, fmt.Errorf("sqlcheck: table %s: %w", o.Name, err)
			}
		}
		s[string(o.Kind)+" "+o.Name] = p
	}
	return s, nil
}

// readTable takes from SQLite what it tells of a table, and from its text the rest.
func readTable(conn *sqlite.Conn, o Object) (part, error) {
	p := part{object: o}
	name := literal(o.Name)
	declared := clauses(o.SQL)
	err := conn.Query(`SELECT name, upper(type), "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(`+name+`) ORDER BY cid`, func(row *sqlite.Stmt) {
		c := column{name: row.ColumnText(0)}
		fallback := strings.Join(words(row.ColumnText(3)), " ")
		c.declared = fmt.Sprintf("%s notnull=%s default=%s pk=%s hidden=%s %s", row.ColumnText(1), row.ColumnText(2), fallback,
			row.ColumnText(4), row.ColumnText(5), declared.columns[strings.ToLower(c.name)])
		p.columns = append(p.columns, c)
	})
	if err != nil {
		return part{}, err
	}
	p.rules = declared.rules
	add := func(row *sqlite.Stmt) {
		values := make([]string, row.ColumnCount())
		for i := range values {
			values[i] = row.ColumnText(i)
		}
		p.rules = append(p.rules, strings.ToLower(strings.Join(values, "|")))
	}
	for _, sql := range []string{
		`SELECT 'kept', wr, strict FROM pragma_table_list(` + name + `) WHERE schema = 'main'`,
		`SELECT 'reference', id, seq, "table", "from", "to", on_update, on_delete, match FROM pragma_foreign_key_list(` + name + `)`,
		// Indexes that constraints make have names that count them.
		`SELECT 'unique', i."unique", i.origin, i.partial, group_concat(x.name || x.desc || x.coll || x.key, ',' ORDER BY x.seqno)
			FROM pragma_index_list(` + name + `) i, pragma_index_xinfo(i.name) x WHERE i.origin <> 'c' GROUP BY i.name`,
	} {
		if err := conn.Query(sql, add); err != nil {
			return part{}, err
		}
	}
	slices.Sort(p.rules)
	return p, nil
}

// differences says what is otherwise in the second schema, the names of which are in
// a fixed order.
func (s shape) differences(after shape) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if _, ok := s[key]; !ok {
			out = append(out, after[key].title()+" is left")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		was := s[key]
		is, ok := after[key]
		if !ok {
			out = append(out, was.title()+" is gone")
			continue
		}
		out = append(out, was.differences(is)...)
	}
	return out
}

func (p part) title() string {
	if p.object.Kind == Virtual {
		return "virtual table " + p.object.Name
	}
	return string(p.object.Kind) + " " + p.object.Name
}

func (p part) differences(after part) []string {
	var out []string
	names := func(columns []column) []string {
		var names []string
		for _, c := range columns {
			names = append(names, c.name)
		}
		return names
	}
	was, is := names(p.columns), names(after.columns)
	for _, name := range is {
		if !slices.Contains(was, name) {
			out = append(out, p.title()+" keeps column "+name)
		}
	}
	for _, name := range was {
		if !slices.Contains(is, name) {
			out = append(out, p.title()+" loses column "+name)
		}
	}
	if len(out) > 0 {
		return out // what else differs is of these columns, most of the time
	}
	if !slices.Equal(was, is) {
		return []string{p.title() + " has its columns in another order"}
	}
	for i, c := range p.columns {
		if c.declared != after.columns[i].declared {
			out = append(out, fmt.Sprintf("column %s.%s is declared otherwise", p.object.Name, c.name))
		}
	}
	if !slices.Equal(p.rules, after.rules) {
		what := " is another one"
		if p.object.Kind == Table {
			what = " has other constraints"
		}
		out = append(out, p.title()+what)
	}
	return out
}
