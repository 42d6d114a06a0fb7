package sqltext

import (
	"regexp"
	"slices"
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
	Pos      int    // of that comment: the byte offset in the file
	LastLine int    // of its last token

	Tokens []Token // from the first that SQLite reads to the last, parameters numbered
	Params []Parameter

	lines []int // byte offsets at which the file's lines begin
}

// Hint is a comment by which an author states what cannot be found out:
// "@param name type" or "@column name type", each with an optional "not null" or
// "null". The comment "@scan ok" says that reading a whole table is what is wanted.
type Hint struct {
	Subject string // param, column or scan
	Name    string
	Words   []string // what follows the name, in lower case
	Pos     int      // the byte offset in the file
}

// LineOf returns the line, from 1, of a byte offset in the query's file.
func (q *Query) LineOf(pos int) int { return lineOf(q.lines, pos) }

// ColumnOf returns the column, from 1 and in bytes, of a byte offset in the query's
// file.
func (q *Query) ColumnOf(pos int) int { return columnOf(q.lines, pos) }

var (
	nameComment = regexp.MustCompile(`^(?:--|/\*)\s*name\s*:`)
	nameParts   = regexp.MustCompile(`^(?:--|/\*)\s*name\s*:\s*([\pL_][\pL\pN_]*)\s+:([A-Za-z]+)\s*(?:\*/)?\s*$`)
	vetComment  = regexp.MustCompile(`^--\s*@sqlc-vet-disable\b`) // is for sqlc vet
	hintComment = regexp.MustCompile(`^--\s*@(param|column|scan)\s+(\S+)\s*(.*)$`)
)

// ParseFile returns the named queries of a file in their order, and what is wrong
// with the file.
func ParseFile(file, src string) ([]Query, problem.List) {
	return parse(file, src, false)
}

// ParseSchemaFile is [ParseFile] for a file that makes the schema too: what has no name
// in it is for that.
func ParseSchemaFile(file, src string) ([]Query, problem.List) {
	return parse(file, src, true)
}

func parse(file, src string, schema bool) ([]Query, problem.List) {
	p := fileParser{file: file, schema: schema, lines: lineStarts(src)}
	tokens := Scan(src)
	// What never ends is the file's last token, and hides where statements begin.
	if last := len(tokens) - 1; last >= 0 && neverEnds(tokens[last]) {
		p.problem(tokens[last].Pos, "%s", badToken(tokens[last]))
		return nil, p.problems
	}
	for _, statement := range Statements(tokens) {
		p.statement(statement)
	}
	return p.queries, p.problems
}

// neverEnds reports whether a token is a quote or comment without an end.
func neverEnds(token Token) bool {
	return token.Kind == Bad && strings.ContainsAny(token.Text[:1], "/'\"`[xX")
}

// badToken says what is wrong with a token that SQLite does not know.
func badToken(token Token) string {
	switch {
	case !neverEnds(token):
		return "SQLite does not know the character " + token.Text + " outside quotes: remove it, or put the text that it belongs to in quotes"
	case token.Text[0] == '/':
		return "this comment never ends: write */ after it"
	default:
		return "this quote is never closed: write its end"
	}
}

type fileParser struct {
	file     string
	schema   bool // statements without a name make the schema
	lines    []int
	last     string // the query above
	queries  []Query
	problems problem.List
}

func (p *fileParser) problem(pos int, format string, args ...any) {
	p.problems.AddAt(p.file, lineOf(p.lines, pos), columnOf(p.lines, pos), format, args...)
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
			p.problem(q.Pos, "query %s has no SQL", q.Name)
		}
		return
	}
	end := len(chunk)
	for chunk[end-1].Blank() {
		end--
	}
	for i, token := range chunk[body:end] {
		if token.Kind == Bad && token.Text == ":" && body+i+1 < end && strings.HasPrefix(chunk[body+i+1].Text, ":") {
			p.problem(token.Pos, "`::` is PostgreSQL's cast: write CAST(… AS …)")
			return
		}
		if token.Kind == Bad {
			p.problem(token.Pos, "%s", badToken(token))
			return
		}
		if token.Kind == Comment && nameComment.MatchString(token.Text) {
			p.problem(token.Pos,
				"a query begins here, but the statement before it has not ended: end it with a semicolon")
			return
		}
	}
	if !named {
		if q.Line == 0 && !p.misnamed(chunk[:body]) && !p.schema {
			p.nameless(chunk[body])
		}
		return
	}
	p.last = q.Name
	q.LastLine = lineOf(p.lines, chunk[end-1].Pos+len(chunk[end-1].Text)-1)
	q.Hints = append(q.Hints, p.hints(chunk[body:end])...)
	problems := q.number(chunk[body:end])
	p.problems.Append(problems)
	if problems.Len() == 0 {
		p.queries = append(p.queries, q)
	}
}

// nameless notes a statement without a name, by its first token. One behind a query was
// probably meant to run with it; those on top of a file may be there for other tools.
func (p *fileParser) nameless(first Token) {
	if p.last != "" {
		p.problem(first.Pos, "this statement behind query %s has no name, and would not run: one query is one statement, so write \"-- name: SomeName :exec\" (or :one, :many, :execrows) above this one, and call both inside Write", p.last)
		return
	}
	p.problems.WarnAt(p.file, lineOf(p.lines, first.Pos), columnOf(p.lines, first.Pos),
		"this statement has no name and is passed over: write \"-- name: SomeName :one\" (or :many, :exec, :execrows) above it")
}

// Named reports whether one of the comments gives the statement below it a name.
func Named(comments []Token) bool {
	return slices.ContainsFunc(comments, func(t Token) bool { return t.Kind == Comment && nameComment.MatchString(t.Text) })
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
			parts := nameParts.FindStringSubmatch(token.Text)
			if parts == nil {
				p.problem(token.Pos, "cannot read %q: write \"-- name: SomeName :one\" (or :many, :exec, :execrows)", token.Text)
				q.Line = lineOf(p.lines, token.Pos)
				return q, false
			}
			if named {
				p.problem(q.Pos, "query %s has no SQL", q.Name)
				q.Doc = nil
			}
			q.Name, q.Command, named = parts[1], strings.ToLower(parts[2]), true
			q.Pos, q.Line = token.Pos, lineOf(p.lines, token.Pos)
		case hintComment.MatchString(token.Text), vetComment.MatchString(token.Text):
		default:
			q.Doc = append(q.Doc, commentLines(token.Text)...)
		}
	}
	if named {
		q.Hints = p.hints(blank)
	}
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
				Pos:     token.Pos,
			})
		} else if !vetComment.MatchString(token.Text) {
			p.misspelt(token)
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
	line, starting := slices.BinarySearch(starts, pos)
	if starting {
		line++
	}
	return max(line, 1)
}

func columnOf(starts []int, pos int) int { return pos - starts[lineOf(starts, pos)-1] + 1 }
