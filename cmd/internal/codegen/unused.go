package codegen

import (
	"maps"
	"slices"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// unusedOverrides warns of overrides that are of no column of any block: most are
// misspelt.
func (g *generation) unusedOverrides(builders []*builder) {
	used := map[*config.Override]bool{}
	var columns, types []string
	var all []*config.Override
	for _, b := range builders {
		if b == nil {
			return // its columns are not known
		}
		for i := range b.Options.Overrides {
			all = append(all, &b.Options.Overrides[i])
		}
		for _, table := range b.tables {
			found, _ := b.catalog.Table(table)
			for _, column := range found {
				source := column.Source
				columns, types = append(columns, source.Table+"."+source.Column), append(types, source.Declared)
				for i := range b.Options.Overrides {
					o := &b.Options.Overrides[i]
					if o.Column != "" && o.MatchesColumn(source.Table, source.Column) ||
						o.DBType != "" && (o.MatchesType(source.Declared, true) || o.MatchesType(source.Declared, false)) {
						used[o] = true
					}
				}
			}
		}
	}
	for _, o := range all {
		switch {
		case used[o]:
		case o.Column != "":
			g.problems.Warn(g.file, o.Line, "overrides: there is no column %s%s", o.Column, meantOr(o.Column, columns, ": remove the override, or name one that is there"))
		default:
			g.problems.Warn(g.file, o.Line, "overrides: no column is declared %s%s", o.DBType, meantOr(o.DBType, types, ": remove the override, or name a type that is there"))
		}
	}
}

// unusedNames warns of names under rename that nothing in any block has.
func (g *generation) unusedNames(builders []*builder) {
	used := map[string]bool{}
	for _, b := range builders {
		if b == nil || len(b.checked) < len(b.queries) {
			return // not all names are known
		}
		for name := range b.namesInSQL() {
			used[name], used[unshouted(name)] = true, true
		}
	}
	known := slices.Sorted(maps.Keys(used))
	for _, b := range builders {
		for _, name := range slices.Sorted(maps.Keys(b.Options.Rename)) {
			if !used[name] {
				g.problems.Warn(g.file, b.Options.RenameLines[name], "rename: no table, column or parameter is called %s%s",
					name, meantOr(name, known, ": remove it, or name one that is there"))
			}
		}
	}
}

// unusedTables warns of tables that keep their plural and that there are not.
func (g *generation) unusedTables(builders []*builder) {
	for _, b := range builders {
		if b == nil {
			continue // its tables are not known
		}
		for _, name := range b.Options.KeepNames {
			if !slices.ContainsFunc(b.tables, func(table string) bool { return unshouted(table) == unshouted(name) }) {
				g.problems.Warn(g.file, b.Options.KeepNamesLine, "inflection_exclude_table_names: there is no table %s%s",
					name, meantOr(name, b.tables, ": remove it, or name one that is there"))
			}
		}
	}
}

// namesInSQL returns the names of a block that rename can speak of.
func (b *builder) namesInSQL() map[string]bool {
	names := map[string]bool{}
	for _, table := range b.tables {
		names[table], names[singular(unshouted(table))] = true, true
		columns, _ := b.catalog.Table(table)
		for _, column := range columns {
			names[column.Name] = true
		}
	}
	for _, q := range b.checked {
		for i, param := range q.params {
			names[param.Name], names[q.text.Params[i].Name] = true, true
		}
		for _, output := range q.outputs {
			names[output.Name] = true
		}
	}
	return names
}
