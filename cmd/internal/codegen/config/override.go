package config

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/silokit/silo/internal/nearest"
)

// Override is the Go type, the struct tags or both that the author wants for columns. It
// is one entry of sqlc's option overrides, of a block or of the whole configuration.
type Override struct {
	// Line is where it stands in the configuration.
	Line int

	// DBType is the declared type of the columns: sqlc's db_type. It is empty when Column
	// is not.
	DBType string

	// Column is table.column or main.table.column, where * stands for any characters and ?
	// for one: sqlc's column.
	Column string

	// Nullable says that an override by DBType is of columns that may be NULL, and of no
	// others: sqlc's nullable, and its older null.
	Nullable bool

	// GoType is the type in Go: sqlc's go_type. Its Name is empty when there are tags only.
	GoType GoType

	// StructTag is what stands behind the fields: sqlc's go_struct_tag.
	StructTag string
}

// MatchesColumn reports whether the override is of a column of a table. Names are the
// same to SQLite in upper and in lower case.
func (o *Override) MatchesColumn(table, column string) bool {
	parts := strings.Split(strings.ToLower(o.Column), ".")
	n := len(parts)
	return n >= 2 && glob(parts[n-2], strings.ToLower(table)) && glob(parts[n-1], strings.ToLower(column))
}

// MatchesType reports whether the override is of columns of a declared type. As with sqlc
// a length belongs to the type, spaces do not, and an override is either of columns that
// are NOT NULL or of those that may be NULL.
func (o *Override) MatchesType(declared string, notNull bool) bool {
	return o.DBType != "" && o.Nullable != notNull && foldType(o.DBType) == foldType(declared)
}

func foldType(declared string) string {
	return strings.ToLower(strings.Join(strings.Fields(declared), ""))
}

// glob reports whether a pattern of sqlc's matches the whole of a name: * is any
// characters, ? is one, and a backslash takes the meaning of what follows.
func glob(pattern, name string) bool {
	p, n := []rune(pattern), []rune(name)
	reached := make([]bool, len(n)+1) // how much of the name the pattern so far can be
	reached[0] = true
	for i := 0; i < len(p); i++ {
		next := make([]bool, len(n)+1)
		if p[i] == '*' {
			reachable := false
			for j, before := range reached {
				reachable = reachable || before
				next[j] = reachable
			}
		} else {
			one := p[i] == '?'
			if p[i] == '\\' && i+1 < len(p) {
				i++
			}
			for j, c := range n {
				next[j+1] = reached[j] && (one || c == p[i])
			}
		}
		reached = next
	}
	return reached[len(n)]
}

// badEscape reports whether a pattern has a backslash before what needs none, which sqlc
// refuses.
func badEscape(pattern string) bool {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' {
			if i++; i == len(pattern) || !strings.ContainsRune(`*?\`, rune(pattern[i])) {
				return true
			}
		}
	}
	return false
}

var (
	overrideKeys = []string{"go_type", "go_struct_tag", "db_type", "column", "nullable", "engine", "unsigned", "null", "postgres_type"}
	engines      = []string{"sqlite", "postgresql", "mysql", "clickhouse", "googlesql", "mssql"}
)

// overrides reads the option overrides.
func (r *reader) overrides(node *yaml.Node) []Override {
	var all []Override
	for _, element := range r.list(node, "overrides", "a list, each entry with column or db_type, and with go_type") {
		o, ok := r.override(element)
		if !ok {
			continue
		}
		if other := slices.IndexFunc(all, o.contradicts); other >= 0 {
			r.problem(element, "this override gives %s another Go type than that of line %d: remove one of the two", o.Column, all[other].Line)
			continue
		}
		all = append(all, o)
	}
	return all
}

// contradicts reports whether two overrides are of one column, by the same words, and
// choose different types. Of a pattern and a declared type the first is taken, as by sqlc.
func (o Override) contradicts(other Override) bool {
	return o.Column != "" && strings.EqualFold(o.Column, other.Column) &&
		o.GoType.Name != "" && other.GoType.Name != "" && o.GoType != other.GoType
}

// override reads an entry of overrides. ok is false when it is wrong, or of another
// engine.
func (r *reader) override(node *yaml.Node) (o Override, ok bool) {
	failed := r.problems.Len()
	all := r.mapping(node, "an entry of overrides", "{column: table.column, go_type: …}")
	if engine := peek(node, "engine"); engine != "" && engine != "sqlite" && slices.Contains(engines, engine) {
		return Override{}, false
	}
	r.unknown(all, "an entry of overrides", overrideKeys)
	o.Line = node.Line
	for _, e := range all {
		switch e.key.Value {
		case "engine":
			if engine, ok := r.text(e.value, "engine", "sqlite, or take it out"); ok && engine != "sqlite" {
				r.problem(e.value, "engine: there is no %q%s", engine, nearest.Suggestion(engine, engines))
			}
		case "db_type":
			o.DBType, _ = r.text(e.value, "db_type", "a type as columns are declared with")
		case "column":
			o.Column = r.column(e.value)
		case "nullable", "null":
			o.Nullable = r.truth(e.value, e.key.Value) || o.Nullable
		case "go_type":
			o.GoType = r.goType(e.value)
		case "go_struct_tag":
			o.StructTag = r.structTag(e.value)
		case "unsigned":
			if r.truth(e.value, "unsigned") {
				r.problem(e.key, "unsigned is about MySQL, SQLite's integers all have a sign: remove it")
			}
		case "postgres_type":
			r.problem(e.key, "postgres_type is sqlc's older name of db_type: write db_type")
		}
	}
	if r.problems.Len() > failed {
		return Override{}, false
	}
	switch {
	case o.Column == "" && o.DBType == "":
		r.problem(node, "this override is of nothing: write column: table.column, or db_type: a type as columns are declared with")
	case o.Column != "" && o.DBType != "":
		r.problem(node, "this override has column and db_type: write two, one with each")
	case o.GoType.Name == "" && o.StructTag == "":
		r.problem(node, "this override changes nothing: write go_type, go_struct_tag or both")
	}
	return o, r.problems.Len() == failed
}

// column reads the column of an override.
func (r *reader) column(node *yaml.Node) string {
	column, ok := r.text(node, "column", "table.column")
	if !ok {
		return ""
	}
	parts := strings.Split(column, ".")
	for i, part := range parts {
		parts[i] = unquoted(part)
	}
	column = strings.Join(parts, ".")
	switch {
	case badEscape(column):
		r.problem(node, `column: %q has a backslash in front of what needs none: write it before *, ? and \ only`, column)
	case slices.Contains(parts, ""):
		r.problem(node, "column: %q has an empty name: write table.column", column)
	case len(parts) == 1:
		r.problem(node, "column: %q names no table: write table.%s, or *.%s for all tables", column, column, column)
	case len(parts) == 3 && !glob(strings.ToLower(parts[0]), "main"):
		r.problem(node, "column: %q is of the schema %s, and SQLite's is main: write %s.%s, or add engine: postgresql if it is of another database", column, parts[0], parts[1], parts[2])
	case len(parts) > 3:
		r.problem(node, "column: %q has too many names, for SQLite has no catalogs: write table.column", column)
	}
	return column
}

// unquoted returns a name without the quotes in which it stands in SQL.
func unquoted(name string) string {
	for _, quotes := range []string{"``", `""`, "[]"} {
		if len(name) > 2 && name[0] == quotes[0] && name[len(name)-1] == quotes[1] {
			return name[1 : len(name)-1]
		}
	}
	return name
}
