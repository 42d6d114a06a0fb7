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

// Literal writes a text as SQL has it.
func Literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Requote makes a string of the text that stands in double quotes at an offset in
// [Query.Text], or of the first such text where that is negative, and returns what stood
// there.
func (q *Query) Requote(text string, offset int) (was Token, ok bool) {
	at := 0
	for i, token := range q.Tokens {
		if (at == offset || offset < 0) && token.Kind == Ident && token.Name == text && strings.HasPrefix(token.Text, `"`) {
			q.Tokens[i] = Token{Kind: String, Text: Literal(text), Pos: token.Pos}
			return token, true
		}
		at += len(token.Text)
	}
	return Token{}, false
}

// reserved are the keywords that SQLite does not take for a name wherever one can stand.
var reserved = []string{
	"ADD", "ALL", "ALTER", "AND", "AS", "AUTOINCREMENT", "BETWEEN", "CASE", "CAST", "CHECK", "COLLATE", "COMMIT",
	"CONSTRAINT", "CREATE", "CROSS", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "DEFAULT",
	"DEFERRABLE", "DELETE", "DISTINCT", "DROP", "ELSE", "ESCAPE", "EXCEPT", "EXISTS", "FOREIGN", "FROM",
	"FULL", "GROUP", "HAVING", "IF", "IN", "INDEX", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN",
	"LEFT", "LIMIT", "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "ON", "OR", "ORDER", "OUTER", "PRIMARY",
	"RAISE", "REFERENCES", "RETURNING", "RIGHT", "SELECT", "SET", "TABLE", "THEN", "TO", "TRANSACTION", "UNION",
	"UNIQUE", "UPDATE", "USING", "VALUES", "WHEN", "WHERE",
}
