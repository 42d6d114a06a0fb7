package infer

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// list reads what a SELECT or RETURNING returns. It reports whether an aggregate
// function is in it.
func (p *parser) list(s *scope, r role) ([]Output, bool) {
	var outputs []Output
	aggregate := false
	aliases := map[string]expr{}
	for {
		if more, ok := p.star(s, r); ok {
			outputs = append(outputs, more...)
		} else {
			e := p.expr(s)
			if e.param != 0 {
				e.typ = p.typeOf(e)
			}
			aggregate = aggregate || e.aggregate
			if alias := p.alias(); alias != "" {
				e.name, e.named = alias, true
				aliases[strings.ToLower(alias)] = e
			} else if e.literal {
				e.name = ""
			}
			outputs = append(outputs, e.output())
		}
		if !p.take(",") {
			break
		}
	}
	s.aliases = aliases
	return outputs, aggregate
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
	default:
		return nil, false
	}
	outputs, texts, found := s.star(qualifier)
	if found == nil || len(outputs) == 0 {
		p.at--
		p.lost()
	}
	for _, o := range outputs {
		if o.Name == "" {
			p.at--
			p.fail("a column that * stands for has no name: write AS some_name behind it in the subquery")
		}
	}
	text := strings.Join(texts, ", ")
	if token.Kind == sqltext.Embed {
		embed := &Embed{Name: token.Name, Table: found.table, Pos: token.Pos}
		for i := range outputs {
			outputs[i].Embed = embed
			embed.Nullable = embed.Nullable || s.collapsed || found.optional && outputs[i].Nullable
		}
	} else if qualifier != "" {
		// The qualifier and the dot stand before the star and stay.
		text = strings.TrimPrefix(text, texts[0][:strings.LastIndex(texts[0], quote(outputs[0].Name))])
	}
	if r == whole || token.Kind == sqltext.Embed {
		p.result.Stars[token.Pos] = text
	}
	return outputs, true
}

// alias reads [AS] name behind a result column.
func (p *parser) alias() string {
	if p.take("AS") {
		return p.name()
	}
	token := p.peek(0)
	if token.Kind == sqltext.Ident && (token.Quoted || !slices.Contains(behind, strings.ToUpper(token.Text))) {
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
