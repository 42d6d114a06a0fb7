package advice

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// weakly reports whether a condition on the table is one that most rows meet, as far as
// can be told from it: it asks for a constant that the query names, such as a state or
// that there is no time of deletion, or a BOOLEAN. An index that begins with the column
// would find nearly all rows, and costs at each write.
func (t *table) weakly(alias string, condition []sqltext.Token) bool {
	boolean, given := false, false
	for i := 0; i < len(condition); i++ {
		column, used := t.refersTo(alias, condition, i)
		switch {
		case column != "":
			boolean = boolean || strings.HasPrefix(t.column(column).typeName(), "BOOL")
			i += used - 1
		case condition[i].Kind == sqltext.Param:
			given = true
		case condition[i].Kind == sqltext.Ident && !slices.ContainsFunc(constantWords, condition[i].Is):
			return false
		}
	}
	return boolean || !given
}

// constantWords may stand in a condition beside its column and constants.
var constantWords = []string{"NOT", "IS", "NULL", "ISNULL", "NOTNULL", "TRUE", "FALSE", "IN", "BETWEEN", "AND", "DISTINCT", "FROM", "LIKE", "GLOB"}
