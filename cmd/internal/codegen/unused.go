package codegen

import "github.com/silokit/silo/cmd/internal/codegen/config"

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
