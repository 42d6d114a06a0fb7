package codegen

import (
	"strings"
	"unicode/utf8"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// mostOfGist is the number of characters that a doc comment shows of a statement.
const mostOfGist = 72

// gist returns the first words of a query on one line, as its author wrote them, for the
// doc comment of a method whose author wrote none.
func gist(q *sqltext.Query) string {
	var text strings.Builder
	for _, token := range q.Tokens {
		switch {
		case token.Kind == sqltext.Embed:
			text.WriteString("sqlc.embed(" + token.Name + ")")
		case token.Kind == sqltext.Param && token.Slice:
			text.WriteString("sqlc.slice(" + token.Name + ")")
		case token.Kind == sqltext.Param && strings.Trim(token.Name, "0123456789") != "":
			text.WriteString("@" + token.Name)
		default:
			text.WriteString(token.Text)
		}
	}
	words := strings.Fields(text.String())
	out := words[0]
	for _, word := range words[1:] {
		if utf8.RuneCountInString(out)+1+utf8.RuneCountInString(word) > mostOfGist {
			return out + " …"
		}
		out += " " + word
	}
	return out + "."
}
