package codegen

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// generatedAs returns the expressions in parentheses that a table's columns are generated
// as, by the columns' names in lower case. text is that of the table.
func generatedAs(text []sqltext.Token) map[string][]sqltext.Token {
	expressions := map[string][]sqltext.Token{}
	depth, first, begin := 0, 0, -1 // first is the token that begins the part at hand
	for i, token := range text {
		switch {
		case token.Is("("):
			depth++
			switch {
			case depth == 1:
				first = i + 1
			case depth == 2 && text[i-1].Is("AS"):
				begin = i
			}
		case token.Is(")"):
			depth--
			switch {
			case depth == 1 && begin >= 0:
				expressions[text[first].Folded()] = text[begin : i+1]
				begin = -1
			case depth == 0:
				return expressions
			}
		case token.Is(",") && depth == 1:
			first = i + 1
		}
	}
	return expressions
}

// typeGenerated gives columns that are declared without a type that of what they are
// generated as, which SQLite keeps as it is. They may be made of each other.
func (c *catalog) typeGenerated(table string, columns []infer.Column) {
	key := strings.ToLower(table)
	if len(c.generated[key]) == 0 {
		return
	}
	c.columns[key] = columns // for what they are made of
	from := sqltext.Significant(sqltext.Scan("SELECT FROM " + sqltext.Quoted(table)))
	for range columns {
		found := false
		for i := range columns {
			column := &columns[i]
			as := c.generated[key][strings.ToLower(column.Name)]
			if column.Type != infer.Unknown || column.Source.Declared != "" || as == nil {
				continue
			}
			read, err := infer.View(slices.Concat(from[:1], as, from[1:]), c)
			if err == nil && len(read) == 1 && read[0].Type != infer.Null && read[0].Type != infer.Unknown {
				column.Type, column.Why, found = read[0].Type, "", true
			}
		}
		if !found {
			return
		}
	}
}
