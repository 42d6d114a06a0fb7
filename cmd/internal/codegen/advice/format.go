package advice

import (
	"maps"
	"slices"
	"strings"
)

// Times finds the defaults that store times in a shorter format than a program's times
// have, one finding a table. goTimes reports whether a query takes a time of the program
// for a column: without one all times of the column are the default's, and compare.
func (s *Schema) Times(goTimes func(table, column string) bool) []Finding {
	var found []Finding
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		t := s.tables[name]
		columns := slices.DeleteFunc(slices.Clone(t.columns), func(c *column) bool {
			kind := c.typeName()
			return c.generated || c.said.added && computed(c.fallback) || kind != "DATETIME" && kind != "TIMESTAMP" || !otherFormat(c.fallback) || !goTimes(t.name, c.name)
		})
		if len(columns) == 0 {
			continue
		}
		what, it := "the default of "+t.name+"."+columns[0].name+" stores", "the column"
		if last := len(columns) - 1; last > 0 {
			var names []string
			for _, c := range columns[:last] {
				names = append(names, c.name)
			}
			what, it = "the defaults of "+t.name+"."+strings.Join(names, ", ")+" and "+columns[last].name+" store", "them"
		}
		found = append(found, columns[0].place(0).finding("%s a shorter format than that of other times, so that the two do not compare as text and paging by %s goes wrong: "+
			"write DEFAULT (strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now'))", what, it))
	}
	return found
}
