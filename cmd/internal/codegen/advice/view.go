package advice

import "github.com/silokit/silo/cmd/internal/codegen/sqltext"

// manyScopes ends the reading of views that use each other in circles, which SQLite
// refuses only when they are used.
const manyScopes = 1000

// view adds the scopes of a view that another scope reads: SQLite writes the view's
// SELECT into the query, so its tables are in the plan, and what is asked of the view
// is asked of them.
func (a *analysis) view(outer *scope, o origin, body []sqltext.Token) {
	inner, common := scopes(body)
	for _, scope := range inner {
		for i := range scope.sources {
			scope.sources[i].pos = o.pos
		}
	}
	for name := range common {
		a.common[name] = true
	}
	if first := inner[0]; !first.compound && len(first.group) == 0 {
		first.conditions = append(first.conditions, and)
		first.conditions = append(first.conditions, within(o.alias, outer.conditions)...)
		if len(first.order) == 0 {
			first.order = within(o.alias, outer.order)
		}
		first.limited = first.limited || outer.limited
	}
	a.scopes = append(a.scopes, inner...)
}

// within is what a condition on a view is to those who know no such name.
func within(view string, tokens []sqltext.Token) []sqltext.Token {
	var inside []sqltext.Token
	for i := 0; i < len(tokens); i++ {
		if nameOf(tokens[i]) == view && isAt(tokens, i+1, ".") {
			i++
			continue
		}
		inside = append(inside, tokens[i])
	}
	return inside
}
