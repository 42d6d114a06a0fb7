package infer

import (
	"slices"
	"strings"
)

// values are the columns that a statement gives values to, or whose values it leaves as
// its WHERE wants them, by their names in lower case: whether such a value may be NULL.
//
// RETURNING gives what the statement itself has computed, without what triggers make of
// it (https://www.sqlite.org/lang_returning.html).
type values map[string]bool

// add notes that a row's column may get a value.
func (v values) add(column string, nullable bool) {
	name := strings.ToLower(column)
	v[name] = v[name] || nullable
}

// proven reports whether the condition of a scope rules out that a column is NULL.
func (s *scope) proven(src *source, column Column) bool {
	return slices.Contains(s.present, key{src, strings.ToLower(column.Name)})
}

// returning reads what a statement returns of the rows that it wrote.
func (p *parser) returning(table *source, known values) {
	if !p.take("RETURNING") {
		return
	}
	written := &source{alias: table.alias, table: table.table, columns: slices.Clone(table.columns), also: table.also}
	for i, column := range table.columns {
		if column.Source.Table != table.table {
			written = table.unchecked()
			break
		}
		if nullable, ok := known[strings.ToLower(column.Name)]; ok && !nullable {
			written.columns[i].Nullable = false
		}
	}
	p.result.Outputs = p.list(&scope{sources: []*source{written}, aliases: map[string]expr{}}, whole)
}

// unchecked returns a view as RETURNING sees it: each column as the statement gives
// it, whatever the view makes of it.
func (s *source) unchecked() *source {
	src := &source{alias: s.alias, table: s.table}
	for _, column := range s.columns {
		why := "RETURNING of the view " + strings.ToLower(s.table) + " gives what was written, of any type"
		src.columns = append(src.columns, Column{Name: column.Name, Nullable: true, Why: why})
	}
	return src
}
