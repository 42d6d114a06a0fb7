package sqltext

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ASCII returns the source with every character outside ASCII spelled out, the same
// way everywhere, so that names still agree with each other. Lines stay the same.
//
// It is for readers that confuse bytes with characters.
func ASCII(src string) string {
	var out strings.Builder
	for _, r := range src {
		if r < utf8.RuneSelf {
			out.WriteRune(r)
		} else {
			fmt.Fprintf(&out, "u%04x", r)
		}
	}
	return out.String()
}

// Plain is [Query.Text] for a reader that knows numbered parameters and ASCII only,
// and more keywords than SQLite. A list is one parameter in it, and names behind AS
// are in quotes.
func (q *Query) Plain() string {
	var text strings.Builder
	var casts []bool // for each open parenthesis, whether it is that of a CAST
	var before Token // the last token that was not blank
	for _, token := range q.Tokens {
		switch {
		case token.Slice:
			fmt.Fprintf(&text, "?%d", token.Number)
		case token.Kind == Ident && !token.Quoted && before.Is("AS") && !slices.Contains(afterAs, strings.ToUpper(token.Text)) &&
			(len(casts) == 0 || !casts[len(casts)-1]):
			text.WriteString(`"` + token.Text + `"`)
		default:
			text.WriteString(token.Text)
		}
		if token.Is("(") {
			casts = append(casts, before.Is("CAST"))
		} else if token.Is(")") && len(casts) > 0 {
			casts = casts[:len(casts)-1]
		}
		if !token.Blank() {
			before = token
		}
	}
	return ASCII(text.String())
}

// afterAs are the words behind AS that are no names.
var afterAs = []string{"NOT", "MATERIALIZED"}
