package corpus

import "strings"

// tokenKind tells the tokens of SQL apart as far as this package needs it. It has a
// scanner of its own, so that a mistake in the generator's is not made twice.
type tokenKind int

const (
	tokenSpace   tokenKind = iota
	tokenComment           // -- … or /* … */
	tokenString            // '…', also x'…'
	tokenQuoted            // "…", `…` or […]
	tokenWord              // a keyword or a name
	tokenNumber
	tokenParam // ?, ?1, :name, @name or $name
	tokenMark  // any other character
)

type token struct {
	kind tokenKind
	text string
	pos  int
}

// is reports whether a token is a keyword, written in capitals here.
func (t token) is(word string) bool { return t.kind == tokenWord && strings.EqualFold(t.text, word) }

// blank reports whether SQLite passes over a token.
func (t token) blank() bool { return t.kind == tokenSpace || t.kind == tokenComment }

// lex cuts SQL into tokens that together are the whole text.
func lex(sql string) []token {
	var tokens []token
	for pos := 0; pos < len(sql); {
		kind, length := next(sql[pos:])
		tokens = append(tokens, token{kind: kind, text: sql[pos : pos+length], pos: pos})
		pos += length
	}
	return tokens
}

// next returns the kind and length of the first token.
func next(sql string) (tokenKind, int) {
	c := sql[0]
	switch {
	case isSpace(c):
		return tokenSpace, span(sql, isSpace)
	case strings.HasPrefix(sql, "--"):
		return tokenComment, until(sql, 2, "\n")
	case strings.HasPrefix(sql, "/*"):
		if end := strings.Index(sql[2:], "*/"); end >= 0 {
			return tokenComment, end + 4
		}
		return tokenComment, len(sql)
	case c == '\'':
		return tokenString, quoted(sql, 0, '\'')
	case (c == 'x' || c == 'X') && strings.HasPrefix(sql[1:], "'"):
		return tokenString, quoted(sql, 1, '\'')
	case c == '"' || c == '`':
		return tokenQuoted, quoted(sql, 0, c)
	case c == '[':
		return tokenQuoted, min(until(sql, 1, "]")+1, len(sql))
	case c == '?':
		return tokenParam, span(sql, isDigit)
	case (c == ':' || c == '@' || c == '$') && len(sql) > 1 && isWord(sql[1]):
		return tokenParam, span(sql, isWord)
	case isDigit(c) || c == '.' && len(sql) > 1 && isDigit(sql[1]):
		return tokenNumber, number(sql)
	case isWord(c):
		return tokenWord, span(sql, isWord)
	default:
		return tokenMark, 1
	}
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isWord(c byte) bool {
	return isDigit(c) || c == '_' || c == '$' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

// span returns the length of what begins with any byte and goes on while a test holds.
func span(sql string, holds func(byte) bool) int {
	length := 1
	for length < len(sql) && holds(sql[length]) {
		length++
	}
	return length
}

// until returns the place of the next end, or of the end of the text.
func until(sql string, from int, end string) int {
	if at := strings.Index(sql[from:], end); at >= 0 {
		return from + at
	}
	return len(sql)
}

// quoted returns the length of what is quoted from a place on. A doubled quote is one
// quote of the content.
func quoted(sql string, from int, quote byte) int {
	for i := from + 1; i < len(sql); i++ {
		if sql[i] != quote {
			continue
		}
		if i+1 < len(sql) && sql[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(sql)
}

// number returns the length of a number; what follows an exponent's E belongs to it.
func number(sql string) int {
	i := 1
	for i < len(sql) && (isWord(sql[i]) || sql[i] == '.' || (sql[i] == '+' || sql[i] == '-') && sql[i-1]|0x20 == 'e' && !strings.HasPrefix(strings.ToLower(sql), "0x")) {
		i++
	}
	return i
}

// unquoted returns a name without its quotes.
func unquoted(t token) string {
	if t.kind != tokenQuoted && (t.kind != tokenString || t.text[0] != '\'') || len(t.text) < 2 {
		return t.text
	}
	inner := t.text[1 : len(t.text)-1]
	if t.text[0] == '[' {
		return inner
	}
	return strings.ReplaceAll(inner, t.text[:1]+t.text[:1], t.text[:1])
}
