package advice

import (
	"slices"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// comparison is how a condition limits a column.
type comparison int

const (
	unclear comparison = iota
	equal
	oneOf
	between
)

// conjuncts splits a condition into the parts that must all hold.
func conjuncts(tokens []sqltext.Token) [][]sqltext.Token {
	for len(tokens) > 1 && tokens[0].Is("(") && closing(tokens, 0) == len(tokens)-1 {
		tokens = tokens[1 : len(tokens)-1]
	}
	var parts [][]sqltext.Token
	depth, start, betweens := 0, 0, 0
	for i, token := range tokens {
		switch {
		case token.Is("("), token.Is("CASE"):
			depth++
		case token.Is(")"), token.Is("END") && depth > 0:
			depth--
		case depth > 0:
		case token.Is("OR"):
			return [][]sqltext.Token{tokens}
		case token.Is("BETWEEN"):
			betweens++
		case token.Is("AND") && betweens > 0:
			betweens--
		case token.Is("AND"):
			parts = append(parts, tokens[start:i])
			start = i + 1
		}
	}
	if parts == nil {
		if len(tokens) == 0 {
			return nil
		}
		return [][]sqltext.Token{tokens}
	}
	parts = append(parts, tokens[start:])
	var all [][]sqltext.Token
	for _, part := range parts {
		all = append(all, conjuncts(part)...)
	}
	return all
}

// refersTo returns the column of a table, under its alias, that is written at a place,
// and how many tokens that takes; "" when there is none.
func (t *table) refersTo(alias string, tokens []sqltext.Token, at int) (column string, used int) {
	if at >= len(tokens) || tokens[at].Kind != sqltext.Ident || at > 0 && tokens[at-1].Is(".") {
		return "", 0
	}
	if isAt(tokens, at+1, ".") {
		if nameOf(tokens[at]) != alias || at+2 >= len(tokens) || t.column(nameOf(tokens[at+2])) == nil {
			return "", 0
		}
		return nameOf(tokens[at+2]), 3
	}
	if isAt(tokens, at+1, "(") || t.column(nameOf(tokens[at])) == nil {
		return "", 0
	}
	return nameOf(tokens[at]), 1
}

// mentions reports whether tokens say a column of the table.
func (t *table) mentions(alias string, tokens []sqltext.Token) bool {
	for i := range tokens {
		if column, _ := t.refersTo(alias, tokens, i); column != "" {
			return true
		}
	}
	return false
}

// compares returns the column of the table that a condition compares with something
// else, and how.
func (t *table) compares(alias string, condition []sqltext.Token) (string, comparison) {
	if slices.ContainsFunc(condition, func(token sqltext.Token) bool { return token.Is("COLLATE") || token.Is("OR") }) {
		return "", unclear
	}
	if column, used := t.refersTo(alias, condition, 0); column != "" && used < len(condition) {
		rest := condition[used:]
		if how := operator(rest); how != unclear && !t.mentions(alias, rest[1:]) {
			return column, how
		}
	}
	for i := range condition {
		column, used := t.refersTo(alias, condition, i)
		if column == "" {
			continue
		}
		if i+used != len(condition) || i == 0 {
			return "", unclear
		}
		how := operator(condition[i-1:])
		if (how == equal || how == between) && !condition[i-1].Is("BETWEEN") {
			return column, how
		}
		return "", unclear
	}
	return "", unclear
}

// operator is what the first of tokens means for an index.
func operator(tokens []sqltext.Token) comparison {
	switch first := tokens[0]; {
	case first.Is("="), first.Is("=="), first.Is("IS") && !isAt(tokens, 1, "NOT") && !isAt(tokens, 1, "DISTINCT"):
		return equal
	case first.Is("IN"):
		return oneOf
	case first.Is("<"), first.Is(">"), first.Is("<="), first.Is(">="), first.Is("BETWEEN"):
		return between
	default:
		return unclear
	}
}

// term is a column that rows are ordered by, in an index or a query.
type term struct {
	column     string
	descending bool
}

// ascending are columns as terms.
func ascending(columns []string) []term {
	terms := make([]term, len(columns))
	for i, column := range columns {
		terms[i].column = column
	}
	return terms
}

// terms returns the columns of the table that ORDER BY, GROUP BY or DISTINCT name, or
// nil when one of them is something else.
func (t *table) terms(alias string, tokens []sqltext.Token) []term {
	var terms []term
	if len(tokens) == 0 {
		return nil
	}
	for _, part := range split(tokens) {
		column, used := t.refersTo(alias, part, 0)
		rest := part[used:]
		if column == "" || len(rest) > 1 || len(rest) == 1 && !rest[0].Is("ASC") && !rest[0].Is("DESC") {
			return nil
		}
		terms = append(terms, term{column, len(rest) == 1 && rest[0].Is("DESC")})
	}
	if !slices.ContainsFunc(terms, func(t term) bool { return !t.descending }) {
		for i := range terms { // an index is read backwards too
			terms[i].descending = false
		}
	}
	return terms
}
