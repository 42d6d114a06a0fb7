package advice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Planned is a query with SQLite's plan of it, which may be missing.
type Planned struct {
	Query *sqltext.Query
	Steps []sqlcheck.PlanStep
}

// wayOut is how a finding about a plan is answered without an index.
const wayOut = "write `-- silo: small` above its CREATE TABLE if it stays small, or `-- @scan ok` above the query if that is meant"

// Queries returns what there is to say of a schema's queries, in their order.
func (s *Schema) Queries(planned []Planned) []Finding {
	var found []Finding
	whole := map[string]int{} // where a table that is read as a whole was told
	others := map[string][]string{}
	for _, p := range planned {
		a := s.analyse(p)
		eachRollback(a.tokens, func(at int, message string) {
			f := a.finding(a.tokens[at].Pos, "%s", message)
			f.Refuse = true
			found = append(found, f)
		})
		if a.excused(&found) {
			continue
		}
		for i := range p.Steps {
			a.step(i)
		}
		found = append(found, a.found...)
		for _, f := range a.whole {
			if _, told := whole[f.table]; told {
				others[f.table] = append(others[f.table], p.Query.Name)
				continue
			}
			whole[f.table] = len(found)
			found = append(found, f.Finding)
		}
	}
	for table, queries := range others {
		at := whole[table]
		found[at].Message = strings.Replace(found[at].Message, ": ", alsoIn(queries)+": ", 1)
	}
	return found
}

// mostNamed is the number of other queries that a finding names.
const mostNamed = 3

// alsoIn names the queries of which a finding is true too.
func alsoIn(queries []string) string {
	if len(queries) == 1 {
		return ", and so does query " + queries[0]
	}
	last := queries[len(queries)-1]
	if more := len(queries) - mostNamed; more > 0 {
		queries, last = queries[:mostNamed+1], fmt.Sprintf("%d more", more)
	}
	return ", and so do queries " + strings.Join(queries[:len(queries)-1], ", ") + " and " + last
}

// analysis is what is found out of one query.
type analysis struct {
	schema *Schema
	query  *sqltext.Query
	steps  []sqlcheck.PlanStep
	tokens []sqltext.Token
	scopes []*scope
	common map[string]bool
	found  []Finding
	whole  []wholeRead
	told   map[string]bool // the tables of which something was said
}

// wholeRead is a finding about a table without any condition.
type wholeRead struct {
	Finding
	table string
}

// analyse reads a query, with the views that it is of.
func (s *Schema) analyse(p Planned) *analysis {
	a := &analysis{schema: s, query: p.Query, steps: p.Steps, tokens: p.Query.Significant(), told: map[string]bool{}}
	a.scopes, a.common = scopes(a.tokens)
	for i := 0; i < len(a.scopes); i++ { // which views within views make longer
		for _, o := range a.scopes[i].sources {
			if body, ok := s.views[o.table]; ok && len(a.scopes) < manyScopes {
				a.view(a.scopes[i], o, body)
			}
		}
	}
	return a
}

// finding makes a finding about a place of the query.
func (a *analysis) finding(pos int, format string, args ...any) Finding {
	q := a.query
	return Finding{File: q.File, Line: q.LineOf(pos), Column: q.ColumnOf(pos), Query: q.Name, Message: fmt.Sprintf(format, args...)}
}

// excused reports whether the query has the comment `-- @scan ok`, and notes one that
// says something else.
func (a *analysis) excused(found *[]Finding) bool {
	excused := false
	for _, hint := range a.query.Hints {
		if hint.Subject != "scan" {
			continue
		}
		if hint.Name == "ok" {
			excused = true
		} else {
			*found = append(*found, a.finding(hint.Pos, "there is no @scan %s: write -- @scan ok", hint.Name))
		}
	}
	return excused
}

// step looks at one step of the plan.
func (a *analysis) step(i int) {
	detail := a.steps[i].Detail
	switch {
	case strings.HasPrefix(detail, "SCAN ") && !strings.Contains(detail, " VIRTUAL TABLE"):
		a.scan(i)
	case strings.HasPrefix(detail, "SEARCH ") && strings.Contains(detail, " USING AUTOMATIC "):
		a.automatic(i)
	case detail == "USE TEMP B-TREE FOR ORDER BY", detail == "USE TEMP B-TREE FOR GROUP BY", detail == "USE TEMP B-TREE FOR DISTINCT":
		a.sort(i)
	}
}

// loopName is the name under which a step reads a table; "" if it reads none.
func loopName(detail string) string {
	_, rest, ok := strings.Cut(detail, " ")
	if !ok || !strings.HasPrefix(detail, "SCAN ") && !strings.HasPrefix(detail, "SEARCH ") {
		return ""
	}
	for _, behind := range []string{" USING ", " VIRTUAL TABLE ", " LEFT-JOIN", " EXISTS"} {
		rest, _, _ = strings.Cut(rest, behind)
	}
	return strings.ToLower(rest)
}

// loop is a table as a step of a plan reads it.
type loop struct {
	table *table
	alias string
	scope *scope
	pos   int
}

// loopOf finds out which table a step reads. There is none when it is no table of rows
// or marked as small.
func (a *analysis) loopOf(i int) (loop, bool) {
	name := loopName(a.steps[i].Detail)
	for _, s := range a.scopes {
		for _, o := range s.sources {
			if o.alias != name || a.common[o.table] {
				continue
			}
			t := a.schema.rows(o.table)
			if t == nil || a.schema.Small(t.name) {
				continue
			}
			return loop{table: t, alias: o.alias, scope: s, pos: o.pos}, true
		}
	}
	return loop{}, false
}

// scan looks at a step that reads all rows of something.
func (a *analysis) scan(i int) {
	l, ok := a.loopOf(i)
	if !ok || a.told[l.table.name] || a.partial(i) {
		return
	}
	limits := a.limits(i, l)
	if len(limits) > 0 {
		a.told[l.table.name] = true
		a.found = append(a.found, a.finding(l.pos, "reads every row of %s to find some: %s%s", l.table.name, a.serve(l, limits), wayOut))
		return
	}
	sorted := a.sorted(i)
	if l.scope.limited && sorted < 0 && len(l.scope.group) == 0 {
		return // it stops
	}
	a.told[l.table.name] = true
	how, index := "reads every row", ""
	if sorted >= 0 {
		how = "reads and sorts every row"
		if terms := l.table.terms(l.alias, a.sortedBy(sorted, l.scope)); terms != nil && a.first(sorted) == i {
			index = a.index(l.table, 0, terms)
		}
	}
	limit := ""
	if sorted < 0 && l.scope == a.scopes[0] && a.query.Command == "many" && len(l.scope.group) == 0 {
		limit = "add LIMIT, or "
	}
	a.whole = append(a.whole, wholeRead{a.finding(l.pos, "%s of %s: %s%s%s", how, l.table.name, index, limit, wayOut), l.table.name})
}

// partial reports whether a step reads a partial index, which holds some rows only.
func (a *analysis) partial(i int) bool {
	_, name, _ := strings.Cut(a.steps[i].Detail, "INDEX ")
	name, _, _ = strings.Cut(name, " ")
	x := a.schema.indexes[strings.ToLower(name)]
	return x != nil && x.partial
}

// automatic looks at a step for which SQLite builds an index each time.
func (a *analysis) automatic(i int) {
	l, ok := a.loopOf(i)
	if !ok || a.told[l.table.name] {
		return
	}
	a.told[l.table.name] = true
	_, limits, _ := strings.Cut(a.steps[i].Detail, "(")
	equal, _ := searched("(" + limits)
	a.found = append(a.found, a.finding(l.pos, "reads every row of %s into an index that is built for each run: %s%s",
		l.table.name, a.index(l.table, len(equal), ascending(equal)), wayOut))
}

// sort looks at a sort that an index on the first table might save.
func (a *analysis) sort(i int) {
	first := a.first(i)
	if first < 0 {
		return
	}
	l, ok := a.loopOf(first)
	if !ok || a.told[l.table.name] || l.scope.compound || !strings.HasPrefix(a.steps[first].Detail, "SEARCH ") {
		return
	}
	equal, plain := searched(a.steps[first].Detail)
	for _, condition := range conjuncts(l.scope.conditions) {
		if column, how := l.table.compares(l.alias, condition); how == oneOf && slices.Contains(equal, column) {
			plain = false // an index gives the order for one value at a time
		}
	}
	terms := l.table.terms(l.alias, a.sortedBy(i, l.scope))
	if !plain || terms == nil || slices.Contains(equal, "rowid") {
		return
	}
	index := a.index(l.table, len(equal), append(ascending(equal), terms...))
	if index == "" {
		return
	}
	a.told[l.table.name] = true
	a.found = append(a.found, a.finding(l.pos, "sorts what it finds in %s at each run: %s%s", l.table.name, index, wayOut))
}

// searched returns the columns that a step compares with one value, and whether that is
// all that it does.
func searched(detail string) (equal []string, plain bool) {
	_, limits, ok := strings.Cut(detail, "(")
	if !ok {
		return nil, false
	}
	limits = strings.TrimSuffix(strings.TrimSpace(limits), ")")
	if at := strings.LastIndexByte(limits, ')'); at >= 0 {
		limits = limits[:at]
	}
	plain = true
	for part := range strings.SplitSeq(limits, " AND ") {
		if column, isEqual := strings.CutSuffix(part, "=?"); isEqual && !strings.ContainsAny(column, "<>(") {
			equal = append(equal, strings.ToLower(column))
		} else {
			plain = false
		}
	}
	return equal, plain
}
