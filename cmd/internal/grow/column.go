package grow

import (
	"slices"
	"strings"

	"github.com/silokit/silo/internal/nearest"
)

// kind is what a column holds, as it is called on the command line.
type kind string

const (
	text       kind = "text"
	integer    kind = "int"
	float      kind = "real"
	boolean    kind = "bool"
	blob       kind = "blob"
	moment     kind = "time"
	document   kind = "json"
	references kind = "references"
)

var kinds = []string{string(text), string(integer), string(float), string(boolean), string(blob), string(moment), string(document), string(references)}

// The options of a column.
const (
	optionNull    = "null"    // it may be NULL
	optionUnique  = "unique"  // no two rows have the same
	optionIndex   = "index"   // rows are found by it
	optionCascade = "cascade" // a row goes with the one that it refers to
)

var options = []string{optionNull, optionUnique, optionIndex, optionCascade}

// column is one column of a new table.
type column struct {
	name    string
	kind    kind
	of      string // the table that it refers to
	key     string // the column there
	options []string

	declared string // the type in SQL
}

func (c *column) has(option string) bool { return slices.Contains(c.options, option) }

// parseColumn reads name:type[:option]…
func parseColumn(written string) (column, error) {
	parts := strings.Split(written, ":")
	if len(parts) < 2 {
		return column{}, spec("column %q has no type: write %s:text, or another of %s", written, parts[0], strings.Join(kinds, ", "))
	}
	c := column{name: parts[0], options: parts[2:]}
	if err := checkName("column", c.name); err != nil {
		return column{}, err
	}
	if slices.Contains(keptColumns, c.name) {
		return column{}, spec("column %s: queries have a parameter of this name, or SQLite a row's number: choose another", c.name)
	}
	name, target, refers := strings.Cut(parts[1], "=")
	if !slices.Contains(kinds, name) {
		return column{}, spec("column %s: there is no type %q%s", c.name, name, nearest.Suggestion(name, kinds))
	}
	c.kind = kind(name)
	switch {
	case refers && c.kind != references:
		return column{}, spec("column %s: only references= names another table", c.name)
	case c.kind == references:
		if err := c.refer(target); err != nil {
			return column{}, err
		}
	}
	return c, c.checkOptions()
}

// refer reads what a column refers to: projects, projects.id or projects(id).
func (c *column) refer(target string) error {
	c.of, c.key, _ = strings.Cut(target, ".")
	if of, key, ok := strings.Cut(target, "("); ok {
		c.of, c.key = of, strings.TrimSuffix(key, ")")
	}
	if c.of == "" {
		return spec("column %s: name the table that it refers to: %s:references=projects", c.name, c.name)
	}
	return nil
}

// checkOptions refuses options that are not known, or say nothing.
func (c *column) checkOptions() error {
	for i, option := range c.options {
		switch {
		case !slices.Contains(options, option):
			return spec("column %s: there is no option %q%s", c.name, option, nearest.Suggestion(option, options))
		case slices.Contains(c.options[:i], option):
			return spec("column %s: %s is there twice", c.name, option)
		case option == optionCascade && c.kind != references:
			return spec("column %s: only a reference can cascade", c.name)
		case option == optionIndex && (c.has(optionUnique) || c.kind == references):
			return spec("column %s has an index anyway: leave out index", c.name)
		case (option == optionUnique || option == optionIndex) && (c.kind == document || c.kind == blob):
			return spec("column %s: nothing is looked up by a column of type %s: leave out %s", c.name, c.kind, option)
		}
	}
	return nil
}

// parseColumns reads the columns of a table, each of which has a name of its own.
func parseColumns(written []string) ([]column, error) {
	var columns []column
	for _, one := range written {
		c, err := parseColumn(one)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(columns, func(other column) bool { return other.name == c.name }) {
			return nil, spec("column %s is there twice", c.name)
		}
		columns = append(columns, c)
	}
	if !slices.ContainsFunc(columns, func(c column) bool { return !slices.Contains(ownColumns, c.name) }) {
		return nil, spec("a table needs a column: write title:text, for example")
	}
	return columns, nil
}

// ownColumns are those that each table gets.
var ownColumns = []string{"id", "created_at", "updated_at"}

// keptColumns are names that mean something else in queries.
var keptColumns = []string{"after_id", "max_rows", "rowid", "oid"}

// Types returns the types that a column can have, as they are written.
func Types() []string {
	return append(slices.Clone(kinds[:len(kinds)-1]), string(references)+"=")
}

// Options returns the options that a column can have.
func Options() []string { return slices.Clone(options) }
