package grow

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// resolve finds what the columns of a table refer to.
func (t *table) resolve(survey *codegen.Survey) error {
	for i := range t.columns {
		if c := &t.columns[i]; c.kind == references {
			if err := c.resolve(t, survey); err != nil {
				return err
			}
		}
	}
	return nil
}

// resolve finds the column that another refers to, which may be of the new table itself, and gives it its type.
func (c *column) resolve(t *table, survey *codegen.Survey) error {
	if c.key == "" {
		c.key = "id"
	}
	if c.of == t.name && c.key == "id" {
		c.declared = t.id.declared
		return nil
	}
	var known []string
	for _, object := range survey.Tables() {
		known = append(known, object.Name)
		if strings.EqualFold(object.Name, c.of) {
			c.of = object.Name
			return c.resolveIn(survey)
		}
	}
	if len(known) == 0 {
		return spec("column %s: there is no table %s: add it first", c.name, c.of)
	}
	return spec("column %s: there is no table %s%s", c.name, c.of, nearest.Suggestion(c.of, known))
}

func (c *column) resolveIn(survey *codegen.Survey) error {
	columns, err := survey.Columns(c.of)
	if err != nil {
		return err
	}
	var known []string
	for _, other := range columns {
		known = append(known, other.Name)
		if strings.EqualFold(other.Name, c.key) {
			c.key, c.declared = other.Name, other.DeclType
			return nil
		}
	}
	return spec("column %s: table %s has no column %s: name its key with references=%s.COLUMN%s", c.name, c.of, c.key, c.of, nearest.Suggestion(c.key, known))
}

// checkNames refuses names that the generated package, or another query, has.
func (t *table) checkNames(survey *codegen.Survey, queries []query, file string) error {
	if model := survey.Model(t.name); survey.Reserved(model) {
		return spec("a row of %s would be called %s in Go, which each generated package has: choose another name, or give the row one with rename: {%s: SomeName} in the options of sqlc.yaml",
			t.name, model, t.name)
	}
	fields := map[string]string{}
	for _, c := range t.all() {
		field := survey.GoName(c.name)
		if other, ok := fields[field]; ok {
			return spec("columns %s and %s would both be called %s in Go: choose another name for one of them", other, c.name, field)
		}
		fields[field] = c.name
	}
	for _, q := range queries {
		// A file of queries that a run left which was ended is looked at later.
		if at, ok := survey.Queries[q.name]; ok && !strings.HasPrefix(at, file+":") {
			return fmt.Errorf("there is a query %s at %s, as a query of %s would be called: rename that one, or choose another name for the table", q.name, at, path.Base(file))
		}
	}
	return nil
}

// ExistsError says that there is something of a table's name, and that it is not the table that was asked for.
type ExistsError struct {
	Table string
	What  string // what is there
}

// Error says what is there and what to do.
func (e *ExistsError) Error() string {
	return fmt.Sprintf("table %s: there is %s of that name, and nothing was changed: write a migration that changes it, with silo migration new", e.Table, e.What)
}

// compare returns nil if what is there of the table's name is the table, and an [*ExistsError] otherwise: the columns,
// their types, and what options say of them. A CHECK, a default or an index more is its author's edit.
func (t *table) compare(survey *codegen.Survey, object sqlcheck.Object) error {
	if object.Kind != sqlcheck.Table {
		return &ExistsError{t.name, fmt.Sprintf("something else (%s)", object.Kind)}
	}
	columns, err := survey.Columns(object.Name)
	if err != nil {
		return err
	}
	rules, err := survey.Rules(object.Name)
	if err != nil {
		return err
	}
	indexed := map[string]bool{}
	for _, c := range t.indexed() {
		indexed[c.name] = true
	}
	var there, wanted []string
	for _, c := range columns {
		lower := strings.ToLower(c.Name)
		rule := rules[lower]
		// SQLite numbers the ID, and calls it nullable.
		nullable := !c.NotNull && lower != "id"
		rule.Indexed = rule.Indexed && indexed[lower]
		there = append(there, columnText(c.Name, c.DeclType, nullable, rule))
	}
	for _, c := range t.all() {
		rule := sqlcheck.ColumnRule{Unique: c.has(optionUnique), Indexed: indexed[c.name], Parent: c.of, Key: c.key, OnDelete: "NO ACTION"}
		if c.has(optionCascade) {
			rule.OnDelete = "CASCADE"
		}
		wanted = append(wanted, columnText(c.name, c.declared, c.has(optionNull), rule))
	}
	if slices.EqualFunc(there, wanted, strings.EqualFold) {
		return nil
	}
	if have, want := without(there, wanted), without(wanted, there); len(have) > 0 && len(want) > 0 {
		there, wanted = have, want // what is the same need not be read
	}
	return &ExistsError{t.name, fmt.Sprintf("one with other columns (%s, and not %s)", strings.Join(there, ", "), strings.Join(wanted, ", "))}
}

// without returns the columns that are not among the others.
func without(columns, others []string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(column string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(column, other) })
	})
}

// columnText is what is compared of a column.
func columnText(name, declared string, nullable bool, rule sqlcheck.ColumnRule) string {
	parts := []string{sqltext.Quote(name), declared}
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	add(nullable, "NULL")
	add(rule.Unique, "UNIQUE")
	add(rule.Indexed, "INDEXED")
	add(rule.Parent != "", "REFERENCES "+sqltext.Quote(rule.Parent)+" ("+sqltext.Quote(rule.Key)+")")
	add(rule.Parent != "" && rule.OnDelete != "NO ACTION", "ON DELETE "+rule.OnDelete)
	return strings.Join(parts, " ")
}
