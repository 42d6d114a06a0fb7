package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// scope is one SELECT, or the part of another statement that finds its rows.
type scope struct {
	sources    []origin
	results    []sqltext.Token
	conditions []sqltext.Token // of WHERE and of each ON, joined by AND
	group      []sqltext.Token
	order      []sqltext.Token
	distinct   bool
	limited    bool // LIMIT, or an EXISTS around it
	compound   bool // of several, by UNION and the like
}

// origin is a table that a scope reads.
type origin struct {
	alias, table string // in lower case; the alias is the table's name where there is none
	pos          int
}

// clause is the part of a statement that is being read.
type clause int

const (
	elsewhere clause = iota
	results
	from
	conditions
	group
	order
)

// scopes reads tokens, without spaces, into the scopes that they are made of, and
// returns the names of the common table expressions too.
func scopes(tokens []sqltext.Token) (found []*scope, common map[string]bool) {
	p := &scopeParser{tokens: tokens, common: map[string]bool{}}
	p.read(0, &scope{})
	return p.found, p.common
}

// scopeParser reads the scopes of one statement.
type scopeParser struct {
	tokens []sqltext.Token
	found  []*scope
	common map[string]bool
}

// read reads a statement or a SELECT in parentheses up to their end, the place of which
// it returns.
func (p *scopeParser) read(at int, s *scope) int {
	p.found = append(p.found, s)
	var in clause
	depth := 0
	upsert := false
	for ; at < len(p.tokens); at++ {
		token := p.tokens[at]
		switch {
		case token.Is("(") && p.selects(at+1):
			inner := &scope{limited: at > 0 && p.tokens[at-1].Is("EXISTS")}
			end := p.read(at+1, inner)
			// What the outer one sees is that something is here.
			s.add(in, token)
			at = end
			if end < len(p.tokens) {
				s.add(in, p.tokens[end])
			}
			continue
		case token.Is("("):
			depth++
		case token.Is(")"):
			if depth == 0 {
				return at
			}
			depth--
		}
		if depth == 0 && (token.Is("UNION") || token.Is("EXCEPT") || token.Is("INTERSECT")) {
			s.compound = true
			s = &scope{compound: true}
			p.found = append(p.found, s)
			in = elsewhere
			continue
		}
		if isAt(p.tokens, at, "ON", "CONFLICT") {
			upsert, in = true, elsewhere
		}
		next, begins := p.clauseAt(at, depth, in)
		if upsert && next != elsewhere {
			begins = false
		}
		if begins {
			in = next
			s.begin(token, in)
		} else if depth > 0 || !p.skipped(at) {
			s.add(in, token)
		}
		if in == from && p.startsSource(at) || !upsert && in == elsewhere && token.Is("INTO") {
			p.source(s, at+1)
		}
		if in == elsewhere && (token.Is("WITH") || token.Is("RECURSIVE") || token.Is(",")) && at+1 < len(p.tokens) {
			p.expression(at + 1)
		}
	}
	return at
}

// selects reports whether a SELECT begins at a place.
func (p *scopeParser) selects(at int) bool {
	return isAt(p.tokens, at, "SELECT") || isAt(p.tokens, at, "WITH") || isAt(p.tokens, at, "VALUES")
}

// expression notes the name of a common table expression, if one begins at a place.
func (p *scopeParser) expression(at int) {
	end := at + 1
	if isAt(p.tokens, end, "(") {
		end = closing(p.tokens, end) + 1
	}
	if isAt(p.tokens, end, "AS") {
		p.common[nameOf(p.tokens[at])] = true
	}
}

// clauseAt returns the clause that begins at a place, if one does.
func (p *scopeParser) clauseAt(at, depth int, in clause) (clause, bool) {
	token := p.tokens[at]
	if in == from && token.Is("ON") { // in parentheses too: they are around joins
		return conditions, true
	}
	if depth > 0 {
		return in, false
	}
	switch {
	case token.Is("SELECT"):
		return results, true
	case token.Is("FROM") && !isAt(p.tokens, at-1, "DISTINCT"), token.Is("JOIN") && in == conditions, token.Is(",") && in == conditions:
		return from, true
	case token.Is("UPDATE") && (at == 0 || !p.tokens[at-1].Is("DO")):
		return from, true
	case token.Is("WHERE"):
		return conditions, true
	case isAt(p.tokens, at, "GROUP", "BY"):
		return group, true
	case isAt(p.tokens, at, "ORDER", "BY"):
		return order, true
	case token.Is("HAVING"), token.Is("LIMIT"), token.Is("WINDOW"), token.Is("RETURNING"), token.Is("SET"), token.Is("VALUES"):
		return elsewhere, true
	default:
		return in, false
	}
}

// skipped reports whether a token belongs to the words that begin a clause, or to a
// join that follows a condition.
func (p *scopeParser) skipped(at int) bool {
	token := p.tokens[at]
	if token.Is("BY") {
		return true
	}
	join := slices.ContainsFunc([]string{"NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"}, token.Is)
	return join && at+1 < len(p.tokens) && !isAt(p.tokens, at+1, "(") &&
		slices.ContainsFunc([]string{"LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER", "JOIN"}, p.tokens[at+1].Is)
}

// and is put between conditions that are written apart.
var and = sqltext.Token{Kind: sqltext.Ident, Text: "AND", Name: "AND"}

// begin is told of each clause when it begins.
func (s *scope) begin(token sqltext.Token, in clause) {
	switch {
	case in == conditions && len(s.conditions) > 0:
		s.conditions = append(s.conditions, and)
	case token.Is("LIMIT"):
		s.limited = true
	}
}

// add puts a token into the clause that it stands in.
func (s *scope) add(in clause, token sqltext.Token) {
	switch in {
	case results:
		if token.Is("DISTINCT") && len(s.results) == 0 {
			s.distinct = true
			return
		}
		s.results = append(s.results, token)
	case conditions:
		s.conditions = append(s.conditions, token)
	case group:
		s.group = append(s.group, token)
	case order:
		s.order = append(s.order, token)
	}
}

// startsSource reports whether a table may be named behind the token at a place.
func (p *scopeParser) startsSource(at int) bool {
	token := p.tokens[at]
	return token.Is("FROM") || token.Is("JOIN") || token.Is(",") || token.Is("(") || token.Is("UPDATE") ||
		at >= 2 && isAt(p.tokens, at-2, "UPDATE", "OR")
}

// noAlias are the words that may follow a table's name and are no other name for it.
var noAlias = strings.Fields("ON USING JOIN LEFT RIGHT FULL INNER CROSS NATURAL WHERE GROUP HAVING ORDER LIMIT WINDOW " +
	"UNION EXCEPT INTERSECT INDEXED NOT SET RETURNING VALUES DEFAULT SELECT WITH")

// source notes the table that is named at a place.
func (p *scopeParser) source(s *scope, at int) {
	if isAt(p.tokens, at+1, ".") {
		at += 2
	}
	if at >= len(p.tokens) || p.tokens[at].Kind != sqltext.Ident || isAt(p.tokens, at, "OR") || isAt(p.tokens, at+1, "(") && !p.into(at) {
		return
	}
	o := origin{table: nameOf(p.tokens[at]), pos: p.tokens[at].Pos}
	o.alias = o.table
	next := at + 1
	if isAt(p.tokens, next, "AS") {
		next++
	}
	if next < len(p.tokens) && p.tokens[next].Kind == sqltext.Ident && !slices.ContainsFunc(noAlias, p.tokens[next].Is) {
		o.alias = nameOf(p.tokens[next])
	}
	s.sources = append(s.sources, o)
}

// into reports whether the name at a place is that of a table to insert into, whose
// columns may follow.
func (p *scopeParser) into(at int) bool { return at > 0 && p.tokens[at-1].Is("INTO") }
