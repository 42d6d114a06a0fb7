package infer

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// list reads what a SELECT or RETURNING returns.
func (p *parser) list(s *scope, r role) []Output {
	var outputs []Output
	aliases := map[string]expr{}
	for {
		if more, ok := p.star(s, r); ok {
			outputs = append(outputs, more...)
		} else {
			pos := p.peek(0).Pos
			e := p.expr(s)
			if alias := p.alias(); alias != "" {
				e.name, e.about, e.named = alias, alias, true
				if _, ok := aliases[strings.ToLower(alias)]; !ok {
					aliases[strings.ToLower(alias)] = e
				}
			}
			output := e.output()
			output.param, output.nameless, output.Pos = e.param, e.nameless, pos
			outputs = append(outputs, output)
		}
		p.spend(len(outputs) / 16)
		if len(outputs) > maxColumns {
			p.fail("it has more columns than SQLite allows: name fewer")
		}
		if !p.take(",") {
			break
		}
	}
	s.aliases = aliases
	return outputs
}

// star reads *, table.* or sqlc.embed(table).
func (p *parser) star(s *scope, r role) ([]Output, bool) {
	token := p.peek(0)
	qualifier := ""
	switch {
	case token.Kind == sqltext.Embed:
		p.at++
		qualifier = token.Name
	case token.Is("*"):
		p.at++
	case token.Kind == sqltext.Ident && p.peek(1).Is(".") && p.peek(2).Is("*"):
		qualifier = token.Name
		p.at += 2
		token = p.next()
	case token.Kind == sqltext.Ident && p.peek(1).Is(".") && p.peek(3).Is(".") && p.peek(4).Is("*"): // main.table.*
		qualifier = p.peek(2).Name
		p.at += 4
		token = p.next()
	default:
		return nil, false
	}
	outputs, texts, found := s.star(qualifier)
	p.spend(len(outputs))
	if found == nil || len(outputs) == 0 {
		p.at--
		p.fail("the columns that * stands for cannot be found: name them instead")
	}
	if r == part && token.Kind != sqltext.Embed {
		return outputs, true
	}
	if slices.ContainsFunc(outputs, func(o Output) bool { return o.Name == "" }) {
		p.at--
		p.fail("a column that * stands for has no name of its own: write AS some_name behind it in the subquery")
	}
	if slices.Contains(texts, "") {
		p.at--
		p.fail("a column that * stands for is one of several tables', and no name is that of it alone: name the columns instead")
	}
	text := strings.Join(texts, ", ")
	if token.Kind == sqltext.Embed {
		embed := &Embed{Name: token.Name, Table: found.table, Nullable: s.mayLack(found), Pos: token.Pos}
		for i := range outputs {
			outputs[i].Embed = embed
		}
	} else if qualifier != "" {
		// The qualifier and the dot stand before the star and stay.
		text = strings.TrimPrefix(text, sqltext.Quote(found.alias)+".")
	}
	for i := range outputs {
		outputs[i].Pos = token.Pos
	}
	p.result.Stars[token.Pos] = text
	return outputs, true
}

// star returns the columns that qualifier.* stands for, or * when qualifier is empty,
// and the way to write each, which is empty where there is none.
func (s *scope) star(qualifier string) (outputs []Output, texts []string, found *source) {
	for _, src := range s.sources {
		if qualifier != "" && !strings.EqualFold(src.alias, qualifier) {
			continue
		}
		found = src
		for i, column := range src.columns {
			if qualifier == "" && src.isMerged(column.Name) {
				continue
			}
			e := s.use(src, column)
			if i < len(src.uses) {
				e.uses = src.uses[i]
			}
			alone := qualifier == "" && s.mergedLater(src, column.Name)
			if alone && src.optional {
				s.merge(&e, src, column.Name)
			}
			outputs = append(outputs, e.output())
			text := sqltext.Quote(column.Name)
			if qualifier != "" || len(s.sources) > 1 && !alone {
				text = sqltext.Quote(src.alias) + "." + text
			}
			if qualifier == "" && !alone && src.optional && s.mergedAtAll(src, column.Name) {
				text = ""
			}
			texts = append(texts, text)
		}
		if qualifier != "" {
			break
		}
	}
	return outputs, texts, found
}

// alias reads [AS] name behind a result column.
func (p *parser) alias() string {
	if p.take("AS") {
		return p.name()
	}
	token := p.peek(0)
	if token.Kind == sqltext.String || token.Kind == sqltext.Ident && (token.Quoted || !slices.Contains(behind, strings.ToUpper(token.Text))) {
		return p.name()
	}
	return ""
}

// behind are the words that can follow a result column or a table and are no name
// for it.
var behind = []string{
	"FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT",
	"RETURNING", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER", "ON", "USING", "SET",
	"INDEXED", "NOT", "AS", "VALUES", "DEFAULT", "SELECT", "WITH",
}
