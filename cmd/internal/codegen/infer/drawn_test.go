package infer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// drawer draws schemas and statements.
type drawer struct {
	*rapid.T
	tables []string
	depth  int
	alias  int
	outer  []string // columns of the queries around
	scalar bool     // the query is an operand
	agg    bool     // aggregate functions may stand here

	// dice chooses evenly, where rapid, which can shrink what it finds, prefers what
	// comes first. It is nil in every other draw.
	dice *rand.Rand
}

func newDrawer(t *rapid.T) *drawer {
	d := &drawer{T: t}
	if seed := rapid.Uint64().Draw(t, "seed"); seed%2 == 1 {
		d.dice = rand.New(rand.NewPCG(seed, 0))
	}
	return d
}

func (d *drawer) n(low, high int) int {
	if d.dice != nil {
		return low + d.dice.IntN(high-low+1)
	}
	return rapid.IntRange(low, high).Draw(d.T, "n")
}

func (d *drawer) one(texts ...string) string { return texts[d.n(0, len(texts)-1)] }
func (d *drawer) chance(of int) bool         { return d.n(1, of) == 1 }

// from draws a FROM clause, and returns the columns that it offers.
func (d *drawer) from() (string, []string) {
	var text string
	var columns []string
	for i := range d.n(1, 3) {
		alias := fmt.Sprintf("a%d", d.alias)
		d.alias++
		item := d.one(d.tables...) + " AS " + alias
		if d.depth > 0 && d.chance(5) {
			d.depth--
			item = "(" + d.query(false) + ") AS " + alias
			d.depth++
		}
		for c := range 4 {
			columns = append(columns, fmt.Sprintf("%s.c%d", alias, c), fmt.Sprintf("c%d", c))
		}
		if i == 0 {
			text = item
			continue
		}
		join := d.one(", ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ", " NATURAL JOIN ", " NATURAL FULL JOIN ", " CROSS JOIN ")
		text += join + item
		if !strings.Contains(join, ",") && !strings.Contains(join, "NATURAL") && d.chance(2) {
			text += d.one(" USING (c0)", " USING (c1)", " USING (c0, c1)", " ON "+alias+".c0 = 1", " ON true", " ON false")
		}
	}
	return text, columns
}

// expr draws an expression over the columns.
func (d *drawer) expr(columns []string) string {
	if d.depth <= 0 {
		if len(columns) > 0 && !d.chance(4) {
			return d.one(columns...)
		}
		return d.one("1", "0", "2.5", "'a'", "'5'", "x'41'", "NULL", "TRUE", "CURRENT_TIMESTAMP", "'now'", "-1", "0x10", "'{\"a\": [1]}'")
	}
	d.depth--
	defer func() { d.depth++ }()
	e := func() string { return d.expr(columns) }
	if d.agg && d.chance(3) {
		d.agg = false
		defer func() { d.agg = true }()
		call := d.one("count(*)", "count(%)", "sum(%)", "avg(%)", "total(%)", "min(%)", "max(%)", "group_concat(%)", "json_group_array(%)", "count(DISTINCT %)")
		call = strings.Replace(call, "%", e(), 1)
		return call + d.one("", "", "", " FILTER (WHERE "+e()+")")
	}
	switch d.n(1, 17) {
	case 1:
		return "(" + e() + d.one(" + ", " - ", " * ", " / ", " % ") + e() + ")"
	case 2:
		return "(" + e() + d.one(" = ", " < ", " <> ", " IS ", " IS NOT ", " IS DISTINCT FROM ", " AND ", " OR ", " LIKE ", " GLOB ") + e() + ")"
	case 3:
		return "(" + e() + " || " + e() + ")"
	case 4:
		return "CASE WHEN " + e() + " THEN " + e() + d.one("", " ELSE "+e()) + " END"
	case 5:
		return "CASE " + e() + " WHEN " + e() + " THEN " + e() + " ELSE " + e() + " END"
	case 6:
		return d.one("coalesce", "ifnull", "nullif", "min", "max", "iif") + "(" + e() + ", " + e() + ")"
	case 7:
		return d.one("abs", "length", "lower", "upper", "hex", "typeof", "quote", "round", "trim", "unicode", "sign", "ceil", "char", "unhex", "likely", "sqrt", "sin", "octet_length", "soundex") + "(" + e() + ")"
	case 8:
		return d.one("json", "json_array", "json_quote", "json_type", "json_valid", "json_array_length", "json_pretty") + "(" + e() + ")"
	case 9:
		return d.one("json_extract", "json_type", "json_array_length", "json_remove") + "(" + e() + ", '$.a')"
	case 10:
		return d.one("date", "datetime", "time", "julianday", "unixepoch") + "(" + e() + d.one("", "", ", '+1 day'", ", '-3 months', 'start of month'", ", 'subsec'", ", "+e()) + ")"
	case 11:
		return "strftime(" + d.one("'%Y-%m'", "'%s'", "'%J %e'", "'%Q'", e()) + ", " + e() + ")"
	case 12:
		return "CAST(" + e() + " AS " + d.one("INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", "DATETIME", "VARCHAR(3)") + ")"
	case 13:
		return d.one("substr(%, 1)", "substr(%, 2, 1)", "replace(%, 'a', 'b')", "instr(%, 'a')", "format('%%s', %)", "json_set(%, '$.b', 1)", "-%", "~%", "+%", "NOT %", "% COLLATE NOCASE", "% ISNULL", "% NOT NULL", "% BETWEEN 0 AND 5", "% IN (0, 1, NULL)", "% NOT IN ('a')", "%->'$.a'", "%->>'$.a'")
	case 14:
		return d.window(e(), columns)
	case 15:
		d.outer = append(d.outer, columns...)
		agg := d.agg
		query := "(" + d.query(true) + ")"
		d.agg = agg
		return d.one("", "", "EXISTS ", "1 IN ") + query
	case 16:
		return "(" + e() + ", " + e() + ")" + d.one(" = ", " < ", " IS ") + "(" + e() + ", " + e() + ")"
	default:
		return e()
	}
}

func (d *drawer) window(e string, columns []string) string {
	call := d.one("row_number()", "rank()", "ntile(2)", "cume_dist()", "lag(%)", "lead(%, 1, 0)", "lag(%, 1, %)", "first_value(%)", "last_value(%)", "nth_value(%, 2)", "sum(%)", "count(%)", "max(%)", "avg(%)", "group_concat(%)")
	call = strings.ReplaceAll(call, "%", e)
	over := d.one("", "ORDER BY 1", "PARTITION BY "+d.expr(columns), "ORDER BY "+d.expr(columns))
	frame := d.one("", "", "ROWS 1 PRECEDING", "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING", "GROUPS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW", "RANGE UNBOUNDED PRECEDING")
	return call + d.one("", "", " FILTER (WHERE "+e+")") + " OVER (" + over + " " + frame + ")"
}

// query draws a SELECT or VALUES, of one column if it is to be an operand.
func (d *drawer) query(scalar bool) string {
	width := d.n(1, 3)
	if scalar {
		width = 1
	}
	d.scalar = scalar
	with := ""
	if d.depth > 1 && d.chance(5) {
		d.depth--
		name := fmt.Sprintf("w%d", d.alias)
		d.alias++
		with = "WITH " + name + d.one("", " (c0)", " (c0, c1)") + " AS (" + d.query(false) + ") "
		d.depth++
		d.tables = append(d.tables, name)
		defer func() { d.tables = d.tables[:len(d.tables)-1] }()
	}
	text := with + d.arm(width)
	for d.chance(5) {
		text += d.one(" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ") + d.arm(width)
	}
	return text + d.one("", "", "", " ORDER BY 1", " LIMIT 2", " LIMIT 1 OFFSET 1")
}

func (d *drawer) arm(width int) string {
	if d.chance(12) {
		values := make([]string, width)
		for i := range values {
			values[i] = d.expr(nil)
		}
		return "VALUES (" + strings.Join(values, ", ") + ")" + d.one("", ", ("+strings.Join(values, ", ")+")", ", ("+strings.Repeat("NULL, ", width-1)+"NULL)")
	}
	depth := len(d.outer)
	from, columns := "", append([]string{}, d.outer...)
	d.outer = nil
	if !d.chance(8) {
		text, more := d.from()
		from, columns = " FROM "+text, append(more, columns...)
	}
	defer func() { d.outer = columns[len(columns)-depth:] }()
	where := ""
	d.agg = false
	if d.chance(2) {
		where = " WHERE " + d.one("%", "% IS NOT NULL", "% = 1 AND %", "% > 0 AND % < 5", "NOT %", "% LIKE 'a'")
		for strings.Contains(where, "%") {
			where = strings.Replace(where, "%", d.expr(columns), 1)
		}
	}
	group := ""
	d.agg = d.chance(3)
	if d.chance(4) {
		d.agg = true
		group = " GROUP BY " + d.one(append([]string{"1"}, columns...)...)
		if d.chance(3) {
			group += " HAVING " + d.expr(columns)
		}
	}
	list := make([]string, width)
	for i := range list {
		list[i] = d.expr(columns) + fmt.Sprintf(" AS %s%d", d.one("c", "c", "o_"), i)
	}
	if from != "" && !d.scalar && d.chance(6) {
		list = []string{"*"}
	}
	d.agg = false
	return "SELECT " + d.one("", "", "DISTINCT ") + strings.Join(list, ", ") + from + where + group
}

// change draws a statement that returns what it changed.
func (d *drawer) change() string {
	table := d.one(d.tables...)
	columns := []string{"c0", "c1", "c2", table + ".c0", "rowid"}
	returning := " RETURNING " + d.one("*", d.expr(columns)+" AS o_0", d.expr(columns)+" AS o_0, "+d.expr(columns))
	where := d.one("", " WHERE "+d.expr(columns))
	switch d.n(1, 4) {
	case 1:
		return "DELETE FROM " + table + where + returning
	case 2:
		return "UPDATE " + table + " SET " + d.one("c0 = c0", "c1 = nullif(c1, "+d.expr(columns)+")", "c2 = iif("+d.expr(columns)+", c2, NULL), c1 = coalesce(c1, c1)", "(c1, c0) = (c1, max(c0, c0))") + d.one("", " FROM (SELECT 1 AS c9) AS f LEFT JOIN "+d.one(d.tables...)+" AS g ON false") + where + returning
	case 3:
		return "INSERT INTO " + table + " (c1, c2) SELECT c1, c2 FROM " + table + " AS x WHERE " + d.expr(nil) + d.one("", " AND x.c1 = x.c1") + d.one("", " ON CONFLICT DO NOTHING") + returning
	default:
		return "INSERT INTO " + table + " SELECT * FROM " + table + " AS x WHERE true ON CONFLICT DO " + d.one("NOTHING", "UPDATE SET c0 = excluded.c0") + returning
	}
}

func TestEveryValueThatComesHasTheTypeThatWasInferred(t *testing.T) {
	db := open(t)
	ran, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		conn, err := db.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		s := &schema{conn: conn, views: map[string]string{}, known: map[string][]infer.Column{}}
		d := newDrawer(t)
		defer func() {
			s.exec("DROP VIEW IF EXISTS v")
			for i := range 3 {
				s.exec(fmt.Sprintf("DROP TABLE IF EXISTS t%d", i))
			}
		}()
		d.schema(s)
		for range 5 {
			d.depth, d.alias, d.outer, d.agg = d.n(0, 3), 0, nil, false
			statement := d.query(false)
			if d.chance(4) {
				statement = d.change()
			}
			all++
			// SQLite does not look at a common table that nobody uses, and * for columns
			// that have no names of their own is refused.
			if s.check(t, statement, !strings.Contains(statement, "WITH") && strings.Count(statement, "*") == 0) {
				ran++
			}
		}
	})
	t.Logf("SQLite ran %d of %d statements", ran, all)
	if ran < all/10 {
		t.Errorf("SQLite ran %d of %d statements only", ran, all)
	}
}
