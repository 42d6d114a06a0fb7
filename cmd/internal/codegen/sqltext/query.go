package sqltext

import (
	"regexp"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// Query is one named statement of a file.
type Query struct {
	Name    string
	Command string // one, many, exec, execrows, …
	Doc     []string
	Hints   []Hint

	File     string // as given to [ParseFile]
	Line     int    // of the comment that names it
	LastLine int    // of its last token

	Tokens []Token // from the first that SQLite reads to the last, parameters numbered
	Params []Parameter

	lines []int // byte offsets at which the file's lines begin
}

// Hint is a comment by which an author states what cannot be found out:
// "@param name type" or "@column name type", each with an optional "not null" or
// "null".
type Hint struct {
	Subject string // param or column
	Name    string
	Words   []string // what follows the name, in lower case
	Line    int
}

// LineOf returns the line, from 1, of a byte offset in the query's file.
func (q *Query) LineOf(pos int) int { return lineOf(q.lines, pos) }

var (
	nameComment = regexp.MustCompile(`^(?:--|/\*)\s*name\s*:`)
	nameParts   = regexp.MustCompile(`^(?:--|/\*)\s*name\s*:\s*([A-Za-z_][A-Za-z0-9_]*)\s+:([A-Za-z]+)\s*(?:\*/)?\s*$`)
	hintComment = regexp.MustCompile(`^--\s*@(param|column)\s+(\S+)\s*(.*)$`)
)

// ParseFile returns the named queries of a file in their order, and what is wrong
// with the file.
func ParseFile(file, src string) ([]Query, problem.List) {
	p := fileParser{file: file, lines: lineStarts(src)}
	var chunk []Token
	for _, token := range Scan(src) {
		if token.Kind == Bad {
			p.problems.Add(file, lineOf(p.lines, token.Pos), "%s", badToken(token))
			return nil, p.problems
		}
		if token.Is(";") {
			p.statement(chunk)
			chunk = nil
			continue
		}
		chunk = append(chunk, token)
	}
	p.statement(chunk)
	return p.queries, p.problems
}

func badToken(token Token) string {
	switch token.Text[0] {
	case '/':
		return "this comment never ends: write */ after it"
	case '\'', '"', '`', '[', 'x', 'X':
		return "this quote is never closed"
	default:
		return "SQLite does not know the character " + token.Text + " outside quotes"
	}
}

type fileParser struct {
	file     string
	lines    []int
	queries  []Query
	problems problem.List
}

// statement reads the tokens between two semicolons.
func (p *fileParser) statement(chunk []Token) {
	body := 0
	for body < len(chunk) && chunk[body].Blank() {
		body++
	}
	q, named := p.header(chunk[:body])
	if body == len(chunk) {
		if named {
			p.problems.Add(p.file, q.Line, "query %s has no SQL", q.Name)
		}
		return
	}
	end := len(chunk)
	for chunk[end-1].Blank() {
		end--
	}
	for _, token := range chunk[body:end] {
		if token.Kind == Comment && nameComment.MatchString(token.Text) {
			p.problems.Add(p.file, lineOf(p.lines, token.Pos),
				"a query begins here, but the statement before it has not ended: end it with a semicolon")
			return
		}
	}
	if !named {
		if q.Line == 0 {
			p.problems.Add(p.file, lineOf(p.lines, chunk[body].Pos),
				"this statement has no name: write \"-- name: SomeName :one\" (or :many, :exec, :execrows) above it")
		}
		return
	}
	q.LastLine = lineOf(p.lines, chunk[end-1].Pos+len(chunk[end-1].Text)-1)
	q.Hints = append(q.Hints, p.hints(chunk[body:end])...)
	problems := q.number(chunk[body:end])
	p.problems.Append(problems)
	if problems.Len() == 0 {
		p.queries = append(p.queries, q)
	}
}

// header reads the comments above a statement. A comment documents the query when
// no empty line stands between it and the name. It reports false when there is no
// name or the name is wrong, and sets Line in the second case.
func (p *fileParser) header(blank []Token) (Query, bool) {
	q := Query{File: p.file, lines: p.lines}
	named := false
	for _, token := range blank {
		switch {
		case token.Kind == Space:
			if strings.Count(token.Text, "\n") > 1 && !named {
				q.Doc = nil
			}
		case nameComment.MatchString(token.Text):
			line := lineOf(p.lines, token.Pos)
			parts := nameParts.FindStringSubmatch(token.Text)
			if parts == nil {
				p.problems.Add(p.file, line, "cannot read %q: write \"-- name: SomeName :one\" (or :many, :exec, :execrows)", token.Text)
				q.Line = line
				return q, false
			}
			if named {
				p.problems.Add(p.file, q.Line, "query %s has no SQL", q.Name)
				q.Doc = nil
			}
			q.Name, q.Command, q.Line, named = parts[1], strings.ToLower(parts[2]), line, true
		case hintComment.MatchString(token.Text):
		default:
			q.Doc = append(q.Doc, commentLines(token.Text)...)
		}
	}
	q.Hints = p.hints(blank)
	for len(q.Doc) > 0 && q.Doc[len(q.Doc)-1] == "" {
		q.Doc = q.Doc[:len(q.Doc)-1]
	}
	return q, named
}

func (p *fileParser) hints(tokens []Token) []Hint {
	var hints []Hint
	for _, token := range tokens {
		if token.Kind != Comment {
			continue
		}
		if parts := hintComment.FindStringSubmatch(strings.TrimSpace(token.Text)); parts != nil {
			hints = append(hints, Hint{
				Subject: parts[1],
				Name:    parts[2],
				Words:   strings.Fields(strings.ToLower(parts[3])),
				Line:    lineOf(p.lines, token.Pos),
			})
		}
	}
	return hints
}

// commentLines returns the words of a comment without its marks.
func commentLines(text string) []string {
	if rest, ok := strings.CutPrefix(text, "--"); ok {
		return []string{strings.TrimRight(strings.TrimPrefix(rest, " "), " \t\r")}
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "/*"), "*/")
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimSpace(line)
		lines = append(lines, strings.TrimSpace(strings.TrimPrefix(line, "*")))
	}
	return lines
}

func lineStarts(src string) []int {
	starts := []int{0}
	for i := range len(src) {
		if src[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func lineOf(starts []int, pos int) int {
	line := 1
	for line < len(starts) && starts[line] <= pos {
		line++
	}
	return line
}
