package sqltext

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// Parameter is a value that a query takes.
type Parameter struct {
	Number   int    // from 1
	Name     string // empty when it is written ? or ?1
	Nullable bool   // sqlc.narg
	Slice    bool   // sqlc.slice
	Pos      int    // the byte offset in the file of its first use
}

// String names the parameter in messages.
func (p Parameter) String() string {
	if p.Name == "" {
		return "parameter " + strconv.Itoa(p.Number)
	}
	return "parameter " + p.Name
}

// numbering replaces the parameters of one statement.
type numbering struct {
	query    *Query
	tokens   []Token // what SQLite reads of the statement, and the space between
	out      []Token
	problems problem.List

	bare, numbered, named bool // the ways to write a parameter seen so far
}

// number fills in the query's tokens and parameters. Each parameter becomes ?1, ?2,
// … by the order of first uses; the same name is the same parameter. Comments go.
func (q *Query) number(tokens []Token) problem.List {
	n := numbering{query: q, tokens: withoutComments(tokens)}
	for i := 0; i < len(n.tokens); {
		i += n.step(i)
	}
	if ways := n.ways(); len(ways) > 1 {
		n.problem(q.Params[0].Pos, "query %s writes parameters as %s: use one way, best names such as @name",
			q.Name, strings.Join(ways, " and "))
	}
	if n.numbered && !n.bare {
		n.keepNumbers()
	}
	q.Tokens = n.out
	return n.problems
}

func (n *numbering) ways() []string {
	var ways []string
	if n.bare {
		ways = append(ways, "?")
	}
	if n.numbered {
		ways = append(ways, "?1")
	}
	if n.named {
		ways = append(ways, "names")
	}
	return ways
}

// step handles the token at i, or the call of a sqlc function that begins there, and
// returns how many tokens that were.
func (n *numbering) step(i int) int {
	token := n.tokens[i]
	switch {
	case token.Kind == Variable && token.Text == "?":
		n.bare = true
		n.add(Parameter{Pos: token.Pos})
		return 1
	case token.Kind == Variable && token.Text[0] == '?':
		n.numbered = true
		n.add(Parameter{Name: token.Text, Pos: token.Pos})
		return 1
	case token.Kind == Variable && token.Text[0] == '$':
		n.problem(token.Pos, "%s is not a way to write a parameter here: write @%s", token.Text, token.Name)
		return 1
	case token.Kind == Variable:
		n.named = true
		n.add(Parameter{Name: token.Name, Pos: token.Pos})
		return 1
	case token.Is("SQLC"):
		if used := n.call(i); used > 0 {
			return used
		}
	}
	n.out = append(n.out, token)
	return 1
}

// call handles sqlc.function(argument). It returns 0 when the tokens at i are none.
func (n *numbering) call(i int) int {
	at := i
	take := func() Token {
		for at < len(n.tokens) && n.tokens[at].Kind == Space {
			at++
		}
		if at == len(n.tokens) {
			return Token{}
		}
		at++
		return n.tokens[at-1]
	}
	start := take()
	if dot := take(); !dot.Is(".") {
		return 0
	}
	function := take()
	if open := take(); function.Kind != Ident || !open.Is("(") {
		return 0
	}
	name := strings.ToLower(function.Name)
	argument := take()
	text := argument.Name
	if argument.Kind == String {
		text = strings.Trim(argument.Text, "'")
	}
	if closing := take(); text == "" || !closing.Is(")") {
		n.problem(start.Pos, "sqlc.%s takes one name: write sqlc.%s(some_name)", name, name)
		return at - i
	}
	switch name {
	case "arg", "narg":
		n.named = true
		n.add(Parameter{Name: text, Nullable: name == "narg", Pos: start.Pos})
	case "slice":
		n.named = true
		n.add(Parameter{Name: text, Slice: true, Pos: start.Pos})
		if !n.insideIn(at) {
			n.problem(start.Pos, "sqlc.slice(%s) must stand alone in the parentheses of IN: write IN (sqlc.slice(%s))", text, text)
		}
	case "embed":
		n.out = append(n.out, Token{Kind: Embed, Text: text + ".*", Name: text, Pos: start.Pos})
	default:
		n.problem(start.Pos, "sqlc.%s is unknown: there are sqlc.arg, sqlc.narg, sqlc.slice and sqlc.embed", name)
	}
	return at - i
}

// insideIn reports whether the parameter written last stands alone in the parentheses
// of IN, with at the index of the token behind it.
func (n *numbering) insideIn(at int) bool {
	for at < len(n.tokens) && n.tokens[at].Kind == Space {
		at++
	}
	if at == len(n.tokens) || !n.tokens[at].Is(")") {
		return false
	}
	before := significant(n.out[:len(n.out)-1])
	return len(before) >= 2 && before[len(before)-1].Is("(") && before[len(before)-2].Is("IN")
}

// add appends a use of a parameter, which is a new one unless its name is known.
func (n *numbering) add(use Parameter) {
	q := n.query
	found := -1
	for i, p := range q.Params {
		if use.Name != "" && p.Name == use.Name {
			found = i
		}
	}
	if found < 0 {
		use.Number = len(q.Params) + 1
		q.Params = append(q.Params, use)
		found = use.Number - 1
	}
	p := &q.Params[found]
	p.Nullable = p.Nullable || use.Nullable
	if p.Slice != use.Slice {
		n.problem(use.Pos, "%s of query %s is a list in one place and one value in another: give them different names", *p, q.Name)
	}
	token := Token{Kind: Param, Text: "?" + strconv.Itoa(p.Number), Name: p.Name, Number: p.Number, Slice: p.Slice, Pos: use.Pos}
	if use.Slice {
		token.Text = "SELECT value FROM json_each(" + token.Text + ")"
	}
	n.out = append(n.out, token)
}

// keepNumbers gives parameters written ?1, ?2 the numbers their author chose.
func (n *numbering) keepNumbers() {
	q := n.query
	byNumber := make([]Parameter, len(q.Params))
	for _, p := range q.Params {
		number, err := strconv.Atoi(p.Name[1:])
		if err != nil || number < 1 || number > len(q.Params) || strconv.Itoa(number) != p.Name[1:] {
			n.problem(p.Pos, "query %s has %d parameters, but one is numbered %s: number them from ?1 without a gap", q.Name, len(q.Params), p.Name)
			return
		}
		p.Number, p.Name = number, ""
		byNumber[number-1] = p
	}
	q.Params = byNumber
	for i, token := range n.out {
		if token.Kind == Param {
			n.out[i].Text = token.Name
			n.out[i].Number, _ = strconv.Atoi(token.Name[1:])
			n.out[i].Name = ""
		}
	}
}

func (n *numbering) problem(pos int, format string, args ...any) {
	n.problems.Add(n.query.File, n.query.LineOf(pos), "%s", fmt.Sprintf(format, args...))
}

// withoutComments drops comments together with the space before them, so that no
// line is left behind with nothing on it.
func withoutComments(tokens []Token) []Token {
	var kept []Token
	for i, token := range tokens {
		if token.Kind != Comment {
			kept = append(kept, token)
			continue
		}
		if last := len(kept) - 1; last >= 0 && kept[last].Kind == Space {
			if i+1 < len(tokens) && tokens[i+1].Kind == Space {
				kept = kept[:last]
			}
		} else if i+1 == len(tokens) || tokens[i+1].Kind != Space {
			kept = append(kept, Token{Kind: Space, Text: " ", Pos: token.Pos})
		}
	}
	return kept
}

// significant returns the tokens that SQLite reads.
func significant(tokens []Token) []Token {
	var kept []Token
	for _, token := range tokens {
		if !token.Blank() {
			kept = append(kept, token)
		}
	}
	return kept
}

// Expand replaces each star by the columns it stands for, given by its byte offset
// in the file.
func (q *Query) Expand(stars map[int]string) {
	for i, token := range q.Tokens {
		if text, ok := stars[token.Pos]; ok && (token.Kind == Embed || token.Is("*")) {
			q.Tokens[i].Text = text
		}
	}
}

// Significant returns the query's tokens without the space between them.
func (q *Query) Significant() []Token { return significant(q.Tokens) }

// Text puts the query's tokens together.
func (q *Query) Text() string {
	var text strings.Builder
	for _, token := range q.Tokens {
		text.WriteString(token.Text)
	}
	return text.String()
}

// LineAt returns the line in the file of a byte offset in [Query.Text], and the
// query's own line when the offset is outside.
func (q *Query) LineAt(offset int) int {
	end := 0
	for _, token := range q.Tokens {
		end += len(token.Text)
		if offset >= 0 && offset < end {
			return q.LineOf(token.Pos)
		}
	}
	return q.Line
}
