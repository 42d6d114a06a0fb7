package codegen

import (
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// module is what makes a virtual table.
type module struct {
	name     string // fts5, rtree and so on, in lower case
	content  string // the table that holds the rows of a full-text table, if another does
	external bool   // another does, or none
}

// moduleOf reads what stands behind the name of a virtual table: USING module(…).
func moduleOf(tokens []sqltext.Token) module {
	var m module
	for i, token := range tokens {
		next := func(ahead int) sqltext.Token {
			if i+ahead < len(tokens) {
				return tokens[i+ahead]
			}
			return sqltext.Token{}
		}
		switch {
		case token.Is("USING") && m.name == "":
			m.name = strings.ToLower(next(1).Name)
		case token.Is("CONTENT") && next(1).Is("="):
			m.external = true
			m.content = next(2).Name
			if next(2).Kind == sqltext.String {
				m.content = strings.Trim(next(2).Text, "'")
			}
		}
	}
	return m
}

// fullText reports whether the module keeps texts, whose columns have no declared type.
func (m module) fullText() bool { return m.name == "fts3" || m.name == "fts4" || m.name == "fts5" }

// vocabulary are the types of the columns of an fts5vocab table.
var vocabulary = map[string]infer.Type{
	"term": infer.Text, "col": infer.Text, "doc": infer.Integer, "cnt": infer.Integer, "offset": infer.Integer,
}

// virtualColumns corrects the columns of a virtual table, any of which can be NULL.
func (c *catalog) virtualColumns(m module, columns []infer.Column) {
	var content []infer.Column
	if m.content != "" {
		content, _ = c.Table(m.content)
	}
	for i := range columns {
		column := &columns[i]
		column.Nullable = true
		if column.Source.Declared != "" {
			continue
		}
		switch {
		case m.fullText() && m.content != "":
			column.Why = "column " + column.Name + " is of a full-text table over " + m.content + ", which has no such column"
			for _, held := range content {
				if strings.EqualFold(held.Name, column.Name) {
					column.Type, column.Why = held.Type, held.Why
				}
			}
		case m.fullText():
			column.Type, column.Why = infer.Text, ""
		case m.name == "fts5vocab":
			if t := vocabulary[strings.ToLower(column.Name)]; t != infer.Unknown {
				column.Type, column.Why = t, ""
			}
		default:
			column.Why = "column " + column.Name + " is of a virtual table, which does not say its type"
		}
	}
}

// hidden returns the columns of a full-text table that * does not stand for.
func (m module) hidden(table string) []infer.Column {
	if !m.fullText() {
		return nil
	}
	return []infer.Column{
		{Name: table, Type: infer.Text, Nullable: true},
		{Name: "rank", Type: infer.Real, Nullable: true},
	}
}
