package advice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// limit is a condition that a table's rows have to meet.
type limit struct {
	column string // "" if it is not plain
	how    comparison
	weak   bool // see weakly
}

// limits returns the conditions on the table that a step reads, as far as they compare
// with what is known before it is read.
func (a *analysis) limits(step int, l loop) []limit {
	var found []limit
	for _, condition := range conjuncts(l.scope.conditions) {
		if !l.table.mentions(l.alias, condition) || a.waits(step, l, condition) {
			continue
		}
		column, how := l.table.compares(l.alias, condition)
		if how == unclear {
			column = ""
		}
		found = append(found, limit{column, how, l.table.weakly(l.alias, condition)})
	}
	return found
}

// waits reports whether a condition speaks of a table that is read after this one. It
// limits that one then.
func (a *analysis) waits(step int, l loop, condition []sqltext.Token) bool {
	for i, other := range a.steps {
		name := loopName(other.Detail)
		if i <= step || other.Parent != a.steps[step].Parent || name == "" || name == l.alias {
			continue
		}
		qualified := slices.ContainsFunc(condition, func(token sqltext.Token) bool {
			return token.Kind == sqltext.Ident && nameOf(token) == name
		})
		for _, o := range l.scope.sources {
			t := a.schema.rows(o.table)
			if o.alias == name && (qualified || t != nil && t.mentions(name, condition)) {
				return true
			}
		}
	}
	return false
}

// serve returns the index that would serve a table's conditions, with the words behind
// it, or why there is none.
func (a *analysis) serve(l loop, limits []limit) string {
	var terms []term
	add := func(t term) {
		if t.column != "" && !slices.ContainsFunc(terms, func(other term) bool { return other.column == t.column }) {
			terms = append(terms, t)
		}
	}
	limits = slices.DeleteFunc(slices.Clone(limits), func(l limit) bool { return l.weak })
	if len(limits) == 0 {
		return "" // no index would find much less than all of them
	}
	for _, how := range []comparison{equal, oneOf} {
		for _, limit := range limits {
			if limit.how == how {
				add(term{column: limit.column})
			}
		}
	}
	equals := len(terms)
	ranged := slices.IndexFunc(limits, func(l limit) bool { return l.how == between })
	several := slices.ContainsFunc(limits, func(l limit) bool { return l.how == oneOf })
	switch {
	case ranged >= 0:
		add(term{column: limits[ranged].column}) // one, for an index serves no second range
	case !several && len(terms) > 0 && len(l.scope.group) == 0 && !l.scope.compound:
		for _, t := range l.table.terms(l.alias, l.scope.order) {
			add(t)
		}
	}
	if index := a.index(l.table, equals, terms); index != "" {
		return index
	}
	return "no index serves its conditions as they are written, so compare a column itself with =, IN or a range, or "
}

// withoutRowID leaves out the row's number at the end of an index, which each index has
// there anyway, in ascending order. The first equals terms are of one value each.
func (t *table) withoutRowID(equals int, terms []term) []term {
	n := len(terms) - 1
	if n < 0 || t.keyed {
		return terms
	}
	c := t.column(terms[n].column)
	if c == nil || !c.primary || c.unsorted || c.typeName() != "INTEGER" {
		return terms
	}
	kept := slices.Clone(terms[:n])
	for i := equals; i < n; i++ {
		if kept[i].descending != terms[n].descending {
			return terms
		}
		kept[i].descending = false // it is read backwards
	}
	return kept
}

// index returns the statement that makes an index of these columns, and the words
// before the other ways out; nothing when there are no columns or such an index. The
// first equals of them are compared with one value each.
func (a *analysis) index(t *table, equals int, terms []term) string {
	terms = t.withoutRowID(min(equals, len(terms)), terms)
	if len(terms) == 0 || a.indexed(t, terms) {
		return ""
	}
	title := t.name + "_by"
	columns := make([]string, len(terms))
	for i, term := range terms {
		title += "_" + term.column
		columns[i] = sqltext.Quote(term.column)
		if term.descending {
			columns[i] += " DESC"
		}
	}
	return fmt.Sprintf("CREATE INDEX %s ON %s (%s), or ", sqltext.Quote(title), sqltext.Quote(t.name), strings.Join(columns, ", "))
}

// indexed reports whether an index begins with these columns. SQLite cannot use it
// then, for a reason that another one would not mend.
func (a *analysis) indexed(t *table, terms []term) bool {
	for _, x := range a.schema.indexes {
		if x.table != t.name || x.partial || len(x.columns) < len(terms) {
			continue
		}
		same := func(i int) bool { return x.columns[i] == terms[i].column && !terms[i].descending }
		matches := true
		for i := range terms {
			matches = matches && same(i)
		}
		if matches {
			return true
		}
	}
	return false
}

// first returns the first step that reads something beside a step, or -1.
func (a *analysis) first(step int) int {
	return slices.IndexFunc(a.steps, func(other sqlcheck.PlanStep) bool {
		return other.Parent == a.steps[step].Parent && loopName(other.Detail) != ""
	})
}

// sorted returns the step that sorts what a step reads, or -1.
func (a *analysis) sorted(step int) int {
	return slices.IndexFunc(a.steps, func(other sqlcheck.PlanStep) bool {
		return other.Parent == a.steps[step].Parent && strings.HasPrefix(other.Detail, "USE TEMP B-TREE FOR ")
	})
}

// sortedBy returns what a sort is by.
func (a *analysis) sortedBy(step int, s *scope) []sqltext.Token {
	switch a.steps[step].Detail {
	case "USE TEMP B-TREE FOR ORDER BY":
		return s.order
	case "USE TEMP B-TREE FOR GROUP BY":
		return s.group
	case "USE TEMP B-TREE FOR DISTINCT":
		return s.results
	default:
		return nil
	}
}
