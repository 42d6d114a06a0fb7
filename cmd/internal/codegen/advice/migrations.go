package advice

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// Findings returns what there is to say of the migrations, in a fixed order.
func (s *Schema) Findings() []Finding {
	found := slices.Clone(s.findings)
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		t := s.tables[name]
		for _, c := range t.columns {
			found = append(found, standing(c.definition)...)
			found = append(found, t.columnFindings(c)...)
		}
		for _, c := range t.constraints {
			found = append(found, standing(c)...)
			found = append(found, t.keyFindings(c)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.triggers)) {
		found = append(found, standing(s.triggers[name])...)
	}
	slices.SortStableFunc(found, byPlace)
	return found
}

// byPlace orders findings.
func byPlace(x, y Finding) int {
	return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
}

// standing finds what ends the whole transaction in what the schema has.
func standing(d definition) []Finding {
	found := rollbacks(d)
	for i := range found {
		found[i].Message += "; if this migration is released, make the table or trigger anew in another"
	}
	return found
}

// rollbacks finds what ends the whole transaction.
func rollbacks(d definition) []Finding {
	var found []Finding
	eachRollback(d.tokens, func(at int, message string) {
		f := d.place(at).finding("%s", message)
		f.Refuse = true
		found = append(found, f)
	})
	return found
}

// eachRollback calls note with each token that begins what says ROLLBACK where a
// constraint fails.
func eachRollback(tokens []sqltext.Token, note func(at int, message string)) {
	for i, token := range tokens {
		var written string
		switch {
		case (isAt(tokens, i, "INSERT") || isAt(tokens, i, "UPDATE")) && isAt(tokens, i+1, "OR", "ROLLBACK"):
			written = token.Text + " OR %s"
		case isAt(tokens, i, "ON", "CONFLICT", "ROLLBACK"):
			written = "ON CONFLICT %s"
		case isAt(tokens, i, "RAISE", "(", "ROLLBACK"):
			written = "RAISE(%s, …)"
		default:
			continue
		}
		note(i, strings.ReplaceAll(written, "%s", "ROLLBACK")+
			" would undo a transaction in which other callers' writes are too: write "+strings.ReplaceAll(written, "%s", "ABORT"))
	}
}

// columnFindings finds what is wrong with the definition of a column.
func (t *table) columnFindings(c *column) []Finding {
	var found []Finding
	add := func(format string, args ...any) { found = append(found, c.place(0).finding(format, args...)) }
	kind := c.typeName()
	switch {
	case c.generated:
		return nil
	case c.said.added && computed(c.fallback):
		add("ADD COLUMN %s has a default that is computed, which fails on tenants whose table %s has rows: write a constant default, and UPDATE the rows behind it", c.name, t.name)
	case c.said.added && c.notNull && (len(c.fallback) == 0 || c.fallback[0].Is("NULL")):
		add("ADD COLUMN %s NOT NULL fails on tenants whose table %s has rows: add a DEFAULT, or leave NOT NULL out", c.name, t.name)
	}
	if kind == "STRING" {
		add("STRING makes a number of a text that looks like one, so '007' is read as 7: declare %s.%s TEXT", t.name, c.name)
	}
	if c.primary && t.mayBeNull(c) && (c.unsorted || c.typeName() != "INTEGER") {
		found = append(found, t.nullKey(c, c.place(0)))
	}
	return found
}

// keyFindings finds columns of a PRIMARY KEY at the end of a table that may be NULL.
func (t *table) keyFindings(k definition) []Finding {
	at := slices.IndexFunc(k.tokens, func(token sqltext.Token) bool { return token.Is("PRIMARY") })
	if at < 0 || at > 2 || !isAt(k.tokens, at, "PRIMARY", "KEY", "(") { // behind CONSTRAINT and a name
		return nil
	}
	terms := split(k.tokens[at+3 : closing(k.tokens, at+2)])
	var found []Finding
	for _, term := range terms {
		if len(term) == 0 {
			continue
		}
		c := t.column(nameOf(term[0]))
		if c != nil && t.mayBeNull(c) && (len(terms) > 1 || c.typeName() != "INTEGER") {
			n := slices.IndexFunc(k.tokens, func(token sqltext.Token) bool { return token.Pos == term[0].Pos })
			found = append(found, t.nullKey(c, k.place(n)))
		}
	}
	return found
}

// mayBeNull reports whether a column of a primary key may be NULL, unless it is the
// row's number: https://www.sqlite.org/lang_createtable.html#the_primary_key.
func (t *table) mayBeNull(c *column) bool { return !c.notNull && !t.strict && !t.keyed }

// nullKey is the finding about a key that may be NULL.
func (t *table) nullKey(c *column, at place) Finding {
	if kind := c.typeName(); kind == "INT" || strings.HasSuffix(kind, "SERIAL") || c.unsorted {
		return at.finding("SQLite lets the key %s.%s be NULL, for only INTEGER PRIMARY KEY is the row's number, and no query can read such a row: write INTEGER PRIMARY KEY, or NOT NULL", t.name, c.name)
	}
	return at.finding("SQLite lets the key %s.%s be NULL, and no query can read such a row: write NOT NULL", t.name, c.name)
}

// computed reports whether a default is not one and the same value for every row.
func computed(fallback []sqltext.Token) bool {
	for i, token := range fallback {
		if now(token) || token.Kind == sqltext.Ident && isAt(fallback, i+1, "(") && !token.Is("CAST") {
			return true
		}
	}
	return false
}

// now reports whether a token is one of the words for the present time.
func now(token sqltext.Token) bool {
	return token.Is("CURRENT_TIMESTAMP") || token.Is("CURRENT_DATE") || token.Is("CURRENT_TIME")
}

// beginsWithDate is what may be read as a time: a date, or strftime's format of one.
var beginsWithDate = regexp.MustCompile(`^'(\d{4}-\d\d-\d\d|%Y-%m-%d|%F)`)

// timeText is a text in the format of times.
var timeText = regexp.MustCompile(`^'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}'$`)

// otherFormat reports whether a default stores times in another format than Silo does,
// though one that it reads. Of an expression that it does not know it says nothing.
func otherFormat(fallback []sqltext.Token) bool {
	fallback = unwrapped(fallback)
	if len(fallback) == 0 {
		return false
	}
	first := fallback[0]
	switch {
	case first.Is("CURRENT_TIMESTAMP"), first.Is("CURRENT_DATE"):
		return true
	case len(fallback) == 1 && first.Kind == sqltext.String:
		return beginsWithDate.MatchString(first.Text) && !timeText.MatchString(first.Text)
	case !isAt(fallback, 1, "("):
		return false
	}
	switch strings.ToLower(first.Name) {
	case "date":
		return true
	case "datetime":
		return !slices.ContainsFunc(fallback, func(t sqltext.Token) bool {
			return t.Text == "'subsec'" || t.Text == "'subsecond'"
		})
	case "strftime":
		return len(fallback) > 2 && beginsWithDate.MatchString(fallback[2].Text) &&
			!slices.Contains([]string{"'%Y-%m-%d %H:%M:%f'", "'%F %H:%M:%f'"}, fallback[2].Text)
	default:
		return false
	}
}
