package sqltext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind says what a token is.
type Kind int

// The kinds of tokens. Param and Embed are made by the rewriting of parameters, all
// others by [Scan].
const (
	Space Kind = iota
	Comment
	Ident  // bare or quoted
	String // '…'
	Number
	Blob     // x'…'
	Variable // ?, ?1, :name, @name, $name
	Punct
	Bad   // a quote or comment that never ends, or a character SQLite does not know
	Param // a numbered parameter
	Embed // sqlc.embed(…)
)

// Token is a piece of a file.
type Token struct {
	Kind Kind
	Text string // as it stands in the file, or as it replaces what stood there
	Pos  int    // the byte offset in the file of what it was made from

	Name   string // Ident: without quotes. Variable, Param and Embed: the name
	Quoted bool   // Ident: written in quotes, so never a keyword
	Number int    // Param: from 1
	Slice  bool   // Param: a list, sent as one JSON array
}

// Folded is the token as a name, in lower case, for so SQLite compares them; it takes
// texts for names too where nothing else can stand. Other tokens are "".
func (t Token) Folded() string {
	switch t.Kind {
	case Ident:
		return strings.ToLower(t.Name)
	case String:
		return strings.ToLower(strings.ReplaceAll(strings.Trim(t.Text, "'"), "''", "'"))
	default:
		return ""
	}
}

// Is reports whether the token is the given keyword or punctuation. Keywords are
// given in upper case and found in any.
func (t Token) Is(text string) bool {
	switch t.Kind {
	case Ident:
		return !t.Quoted && strings.EqualFold(t.Text, text)
	case Punct:
		return t.Text == text
	default:
		return false
	}
}

// Blank reports whether SQLite skips the token.
func (t Token) Blank() bool { return t.Kind == Space || t.Kind == Comment }

// Scan splits a source into tokens. The tokens' texts put together are the source:
// nothing is lost, whatever the source holds.
func Scan(src string) []Token {
	var tokens []Token
	for pos := 0; pos < len(src); {
		token := next(src[pos:])
		token.Pos = pos
		tokens = append(tokens, token)
		pos += len(token.Text)
	}
	return tokens
}

// Significant returns the tokens that SQLite reads.
func Significant(tokens []Token) []Token {
	return slices.DeleteFunc(slices.Clone(tokens), Token.Blank)
}

// next returns the first token of a source that is not empty.
func next(src string) Token {
	c := src[0]
	switch {
	case isSpace(c):
		return Token{Kind: Space, Text: span(src, 1, isSpace)}
	case strings.HasPrefix(src, "--"):
		end := strings.IndexByte(src, '\n')
		if end < 0 {
			end = len(src)
		}
		return Token{Kind: Comment, Text: src[:end]}
	case strings.HasPrefix(src, "/*"):
		end := strings.Index(src[2:], "*/")
		if end < 0 {
			return Token{Kind: Bad, Text: src}
		}
		return Token{Kind: Comment, Text: src[:end+4]}
	case c == '\'':
		return quoted(src, '\'', String)
	case c == '"' || c == '`':
		return quoted(src, c, Ident)
	case c == '[':
		end := strings.IndexByte(src, ']')
		if end < 0 {
			return Token{Kind: Bad, Text: src}
		}
		return Token{Kind: Ident, Text: src[:end+1], Name: src[1:end], Quoted: true}
	case (c == 'x' || c == 'X') && len(src) > 1 && src[1] == '\'':
		blob := quoted(src[1:], '\'', Blob)
		blob.Text = src[:1+len(blob.Text)]
		return blob
	case isDigit(c), c == '.' && len(src) > 1 && isDigit(src[1]):
		return Token{Kind: Number, Text: number(src)}
	case c == '?':
		text := span(src, 1, isDigit)
		return Token{Kind: Variable, Text: text}
	case (c == ':' || c == '@' || c == '$') && len(src) > 1 && isName(src[1]):
		text := span(src, 1, isName)
		return Token{Kind: Variable, Text: text, Name: text[1:]}
	case isName(c):
		text := span(src, 1, isName)
		return Token{Kind: Ident, Text: text, Name: text}
	}
	for _, punct := range puncts {
		if strings.HasPrefix(src, punct) {
			return Token{Kind: Punct, Text: punct}
		}
	}
	_, size := utf8.DecodeRuneInString(src)
	return Token{Kind: Bad, Text: src[:size]}
}

// puncts are SQLite's operators and marks, the longer ones first.
var puncts = []string{
	"->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==",
	"(", ")", ",", ";", ".", "*", "+", "-", "/", "%", "&", "|", "~", "<", ">", "=",
}

// quoted scans a token in quotes, in which a doubled quote stands for one.
func quoted(src string, quote byte, kind Kind) Token {
	for i := 1; i < len(src); i++ {
		if src[i] != quote {
			continue
		}
		if i+1 < len(src) && src[i+1] == quote {
			i++
			continue
		}
		token := Token{Kind: kind, Text: src[:i+1]}
		if kind == Ident {
			q := string(quote)
			token.Name = strings.ReplaceAll(src[1:i], q+q, q)
			token.Quoted = true
		}
		return token
	}
	return Token{Kind: Bad, Text: src}
}

// number scans a numeric literal: decimal with fraction and exponent, or
// hexadecimal. Underscores between digits belong to it.
func number(src string) string {
	if len(src) > 2 && src[0] == '0' && (src[1] == 'x' || src[1] == 'X') {
		return span(src, 2, isName)
	}
	digits := func(c byte) bool { return isDigit(c) || c == '_' }
	text := span(src, 0, digits)
	if rest := src[len(text):]; strings.HasPrefix(rest, ".") {
		text = src[:len(text)+len(span(rest, 1, digits))]
	}
	rest := src[len(text):]
	if rest == "" || rest[0] != 'e' && rest[0] != 'E' {
		return text
	}
	sign := 1
	if len(rest) > 1 && (rest[1] == '+' || rest[1] == '-') {
		sign = 2
	}
	if len(rest) > sign && isDigit(rest[sign]) {
		return src[:len(text)+len(span(rest, sign, digits))]
	}
	return text
}

// span returns the first from bytes of src and those after them that belong.
func span(src string, from int, belongs func(byte) bool) string {
	end := from
	for end < len(src) && belongs(src[end]) {
		end++
	}
	return src[:end]
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isName reports whether a byte may stand in a bare identifier. As in SQLite, every
// byte of a character outside ASCII may.
func isName(c byte) bool {
	return c == '_' || c == '$' || c >= utf8.RuneSelf || isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
