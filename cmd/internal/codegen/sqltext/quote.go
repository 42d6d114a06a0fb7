package sqltext

import (
	"slices"
	"strings"
)

// Quote writes an identifier, in quotes where SQLite needs them.
func Quote(name string) string {
	plain := name != "" && !('0' <= name[0] && name[0] <= '9')
	for _, c := range name {
		if c != '_' && !('a' <= c && c <= 'z') && !('A' <= c && c <= 'Z') && !('0' <= c && c <= '9') {
			plain = false
		}
	}
	if plain && !slices.Contains(reserved, strings.ToUpper(name)) {
		return name
	}
	return Quoted(name)
}

// Quoted writes an identifier in quotes.
func Quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// reserved are the keywords that SQLite does not take for a name wherever one can stand.
var reserved = []string{
	"ADD", "ALL", "ALTER", "AND", "AS", "AUTOINCREMENT", "BETWEEN", "CASE", "CAST", "CHECK", "COLLATE", "COMMIT",
	"CONSTRAINT", "CREATE", "CROSS", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "DEFAULT",
	"DEFERRABLE", "DELETE", "DISTINCT", "DROP", "ELSE", "ESCAPE", "EXCEPT", "EXISTS", "FOREIGN", "FROM",
	"FULL", "GROUP", "HAVING", "IN", "INDEX", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN",
	"LEFT", "LIMIT", "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "ON", "OR", "ORDER", "OUTER", "PRIMARY",
	"RAISE", "REFERENCES", "RETURNING", "RIGHT", "SELECT", "SET", "TABLE", "THEN", "TO", "TRANSACTION", "UNION",
	"UNIQUE", "UPDATE", "USING", "VALUES", "WHEN", "WHERE",
}
