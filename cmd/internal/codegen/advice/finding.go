package advice

import (
	"fmt"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// Finding is one piece of advice about one place of one file.
type Finding struct {
	File    string
	Line    int    // from 1
	Column  int    // from 1, in bytes
	Query   string // the query's name, if it is about one
	Message string // what is wrong and what to do
	Refuse  bool   // it must not be generated from, strict or not
}

// File is a migration.
type File struct {
	Path string // as messages name it
	Text string // goose's, or plain SQL
}

// at makes a finding about a place of a migration.
func (f *File) at(pos int, format string, args ...any) Finding {
	before := f.Text[:pos]
	return Finding{
		File:    f.Path,
		Line:    1 + strings.Count(before, "\n"),
		Column:  pos - strings.LastIndexByte(before, '\n'),
		Message: fmt.Sprintf(format, args...),
	}
}

// upTokens are the tokens of what a migration runs on the way up.
func (f *File) upTokens() []sqltext.Token {
	all := sqltext.Scan(f.Text)
	var up []sqltext.Token
	inUp, annotated := false, false
	for _, token := range all {
		if token.Kind == sqltext.Comment {
			switch strings.Join(strings.Fields(strings.ToLower(token.Text)), " ") {
			case "-- +goose up":
				inUp, annotated = true, true
				continue
			case "-- +goose down":
				inUp, annotated = false, true
				continue
			}
		}
		if inUp {
			up = append(up, token)
		}
	}
	if !annotated {
		return all
	}
	return up
}

// place is a token of a migration.
type place struct {
	file *File
	pos  int
}

// finding makes a finding about the place.
func (p place) finding(format string, args ...any) Finding { return p.file.at(p.pos, format, args...) }

// isAt reports whether the words stand in tokens from a place on.
func isAt(tokens []sqltext.Token, at int, words ...string) bool {
	if at < 0 || at+len(words) > len(tokens) {
		return false
	}
	for i, word := range words {
		if !tokens[at+i].Is(word) {
			return false
		}
	}
	return true
}

// nameOf is a token as a name, in lower case; SQLite takes texts for names too where
// nothing else can stand.
func nameOf(token sqltext.Token) string {
	return token.Folded()
}

// split splits tokens at the commas that are not within parentheses.
func split(tokens []sqltext.Token) [][]sqltext.Token {
	var parts [][]sqltext.Token
	depth, start := 0, 0
	for i, token := range tokens {
		switch {
		case token.Is("("):
			depth++
		case token.Is(")"):
			depth--
		case token.Is(",") && depth == 0:
			parts = append(parts, tokens[start:i])
			start = i + 1
		}
	}
	return append(parts, tokens[start:])
}

// closing returns the place of the parenthesis that closes the one at a place, or the
// number of tokens.
func closing(tokens []sqltext.Token, at int) int {
	depth := 0
	for i := at; i < len(tokens); i++ {
		switch {
		case tokens[i].Is("("):
			depth++
		case tokens[i].Is(")"):
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return len(tokens)
}

// unwrapped takes off the parentheses around an expression.
func unwrapped(tokens []sqltext.Token) []sqltext.Token {
	for len(tokens) > 1 && tokens[0].Is("(") && closing(tokens, 0) == len(tokens)-1 {
		tokens = tokens[1 : len(tokens)-1]
	}
	return tokens
}
