package grow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// query is one of the queries of a new table.
type query struct {
	name, command string
	doc           string
	sql           string // without the semicolon
}

// naming makes Go names as the options of a package say.
type naming interface {
	Model(table string) string
	GoName(name string) string
}

// queries returns what can be done with the rows of the table.
func (t *table) queries(names naming) []query {
	one, many := names.Model(t.name), names.GoName(t.name)
	name := sqltext.Quote(t.name)
	all := []query{
		t.create("Create"+one, name),
		{
			"Get" + one, "one", fmt.Sprintf("returns the row of %s with the given id.", t.name),
			"SELECT *\nFROM " + name + "\nWHERE id = @id",
		},
	}
	for _, c := range t.columns {
		if c.has(optionUnique) {
			all = append(all, query{
				"Get" + one + "By" + names.GoName(c.name), "one", fmt.Sprintf("returns the row of %s with the given %s.", t.name, c.name),
				fmt.Sprintf("SELECT *\nFROM %s\nWHERE %s = @%s", name, sqltext.Quote(c.name), c.name),
			})
		}
	}
	first := "0"
	if t.id.kind == text {
		first = "the empty text"
	}
	const page = "ORDER BY id\nLIMIT @max_rows"
	all = append(all, query{
		"List" + many, "many", fmt.Sprintf("returns the rows of %s whose id is greater than after_id, by id, at most max_rows of them. The first page is that after %s.", t.name, first),
		"SELECT *\nFROM " + name + "\nWHERE id > @after_id\n" + page,
	})
	for _, c := range t.indexed() {
		all = append(all, query{
			"List" + many + "By" + names.GoName(c.name), "many", fmt.Sprintf("does what List%s does, with the rows of one %s.", many, c.name),
			fmt.Sprintf("SELECT *\nFROM %s\nWHERE %s = @%s AND id > @after_id\n%s", name, sqltext.Quote(c.name), c.name, page),
		})
	}
	return append(all, t.update("Update"+one, name), query{
		"Delete" + one, "execrows", "removes a row. It returns 0 when there is none of that id.",
		"DELETE FROM " + name + "\nWHERE id = @id",
	})
}

// create returns the query that adds a row.
func (t *table) create(called, name string) query {
	columns := t.columns
	if t.id.kind == text {
		columns = slices.Concat([]column{t.id}, columns)
	}
	var quoted, params []string
	for _, c := range columns {
		quoted, params = append(quoted, sqltext.Quote(c.name)), append(params, "@"+c.name)
	}
	return query{
		called, "one", "adds a row to " + t.name + " and returns it.",
		fmt.Sprintf("INSERT INTO %s (%s)\nVALUES (%s)\nRETURNING *", name, listed(quoted), listed(params)),
	}
}

// update returns the query that changes a row.
func (t *table) update(called, name string) query {
	var set []string
	for _, c := range t.columns {
		set = append(set, sqltext.Quote(c.name)+" = @"+c.name)
	}
	set = append(set, "updated_at = "+present)
	return query{
		called, "execrows", "changes a row. It returns 0 when there is none of that id.",
		fmt.Sprintf("UPDATE %s\nSET%s\nWHERE id = @id", name, assigned(set)),
	}
}

// long is how much is written on one line, at most, in bytes.
const long = 84

// listed writes a list between parentheses on one line or, where that would be long, on a line each.
func listed(parts []string) string {
	if line := strings.Join(parts, ", "); len(line) <= long {
		return line
	}
	return "\n    " + strings.Join(parts, ",\n    ") + "\n"
}

// assigned is listed for what follows SET.
func assigned(parts []string) string {
	if line := strings.Join(parts, ", "); len(line) <= long {
		return " " + line
	}
	return "\n    " + strings.Join(parts, ",\n    ")
}

// queryFile returns the text of a file of queries.
func queryFile(queries []query) string {
	var out strings.Builder
	for i, q := range queries {
		if i > 0 {
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "-- name: %s :%s\n", q.name, q.command)
		for _, line := range wrap(q.name+" "+q.doc, 86) {
			fmt.Fprintf(&out, "-- %s\n", line)
		}
		out.WriteString(q.sql + ";\n")
	}
	return out.String()
}

// wrap breaks a text into lines of a width, if its words allow that.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
