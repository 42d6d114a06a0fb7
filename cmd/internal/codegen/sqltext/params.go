package sqltext

import (
	"cmp"
	"fmt"
	"slices"
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

// Called is the name that the author gave the parameter: none for a number, as of $1.
func (p Parameter) Called() string {
	if strings.Trim(p.Name, "0123456789") == "" {
		return ""
	}
	return p.Name
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

	highest int // the highest number given to a parameter so far
}

// number fills in the query's tokens and parameters. Each parameter becomes ?1, ?2,
// … by the order of first uses; the same name is the same parameter. Comments go.
func (q *Query) number(tokens []Token) problem.List {
	n := numbering{query: q, tokens: withoutComments(tokens)}
	for i := 0; i < len(n.tokens); {
		i += n.step(i)
	}
	slices.SortFunc(q.Params, func(a, b Parameter) int { return cmp.Compare(a.Number, b.Number) })
	for i, p := range q.Params {
		if p.Number != i+1 {
			n.problem(p.Pos, "query %s has no parameter %d, but one is numbered %d: number them from ?1 without a gap", q.Name, i+1, p.Number)
			break
		}
	}
	q.Tokens = n.out
	return n.problems
}

// step handles the token at i, or the call of a sqlc function that begins there, and
// returns how many tokens that were.
func (n *numbering) step(i int) int {
	token := n.tokens[i]
	switch {
	case token.Kind == Variable && token.Text == "?":
		n.add(Parameter{Pos: token.Pos})
		n.oneInList(i+1, token.Pos, token.Text, "some_name")
		return 1
	case token.Kind == Variable && token.Text[0] == '?':
		number, err := strconv.Atoi(token.Text[1:])
		if err != nil || number < 1 || number > maxNumber {
			n.problem(token.Pos, "%s: parameters are numbered from ?1 to ?%d", token.Text, maxNumber)
			return 1
		}
		n.add(Parameter{Number: number, Pos: token.Pos})
		n.oneInList(i+1, token.Pos, token.Text, "some_name")
		return 1
	case token.Kind == Variable:
		n.add(Parameter{Name: token.Name, Pos: token.Pos})
		n.oneInList(i+1, token.Pos, token.Text, token.Name)
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
	argument, closings := take(), 1
	for ; argument.Is("("); argument = take() {
		closings++
	}
	text := argument.Name
	if argument.Kind == String {
		text = strings.Trim(argument.Text, "'")
	}
	for ; closings > 0 && take().Is(")"); closings-- {
	}
	if text == "" || closings > 0 {
		n.problem(start.Pos, "sqlc.%s takes one name: write sqlc.%s(some_name)", name, name)
		return at - i
	}
	switch name {
	case "arg", "narg":
		n.add(Parameter{Name: text, Nullable: name == "narg", Pos: start.Pos})
		n.oneInList(at, start.Pos, "sqlc."+name+"("+text+")", text)
	case "slice":
		before := Significant(n.out)
		bare := len(before) > 0 && before[len(before)-1].Is("IN")
		if bare { // SQLite wants the parentheses, sqlc does not
			n.out = append(n.out, Token{Kind: Punct, Text: "(", Pos: start.Pos})
		}
		n.add(Parameter{Name: text, Slice: true, Pos: start.Pos})
		if bare {
			n.out = append(n.out, Token{Kind: Punct, Text: ")", Pos: start.Pos})
		} else if !n.insideIn(at) {
			n.problem(start.Pos, "sqlc.slice(%s) must stand alone in the parentheses of IN: write IN (sqlc.slice(%s))", text, text)
		}
	case "embed":
		n.out = append(n.out, Token{Kind: Embed, Text: `"` + strings.ReplaceAll(text, `"`, `""`) + `".*`, Name: text, Pos: start.Pos})
	default:
		n.problem(start.Pos, "sqlc.%s is unknown: there are sqlc.arg, sqlc.narg, sqlc.slice and sqlc.embed", name)
	}
	return at - i
}

// oneInList warns of a parameter that stands alone in the parentheses of IN and is one
// value, with at the index of the token behind it.
func (n *numbering) oneInList(at, pos int, written, name string) {
	if !n.insideIn(at) {
		return
	}
	q := n.query
	n.problems.Put(problem.Problem{
		File: q.File, Line: q.LineOf(pos), Column: q.ColumnOf(pos), Severity: problem.Warning, Query: q.Name,
		Message: fmt.Sprintf("IN (%s) compares with one value: write IN (sqlc.slice(%s)) for a list, or = %s for one", written, name, written),
	})
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
	before := Significant(n.out[:len(n.out)-1])
	return len(before) >= 2 && before[len(before)-1].Is("(") && before[len(before)-2].Is("IN")
}

// maxNumber is the highest number that SQLite takes
// (https://www.sqlite.org/limits.html#max_variable_number).
const maxNumber = 32766

// add appends a use of a parameter. It is a new one unless its name or number is known,
// and gets its number as SQLite gives it: one more than the highest so far, where none
// is written (https://www.sqlite.org/lang_expr.html#varparam).
func (n *numbering) add(use Parameter) {
	q := n.query
	written := use.Number != 0
	at := slices.IndexFunc(q.Params, func(p Parameter) bool {
		return written && p.Number == use.Number || use.Name != "" && p.Name == use.Name
	})
	if at < 0 {
		if !written {
			use.Number = n.highest + 1
		}
		n.highest = max(n.highest, use.Number)
		at = len(q.Params)
		q.Params = append(q.Params, use)
	}
	p := &q.Params[at]
	p.Nullable = p.Nullable || use.Nullable
	if written && p.Name != "" {
		n.problem(use.Pos, "?%d of query %s is the parameter %s, by SQLite's way of numbering: write the name in both places", use.Number, q.Name, p.Name)
	}
	if p.Slice != use.Slice {
		n.problem(use.Pos, "%s of query %s is a list in one place and one value in another: give them different names", *p, q.Name)
	}
	token := Token{Kind: Param, Text: "?" + strconv.Itoa(p.Number), Name: p.Name, Number: p.Number, Slice: p.Slice, Pos: use.Pos}
	if use.Slice {
		token.Text = "SELECT value FROM json_each(" + token.Text + ")"
	}
	n.out = append(n.out, token)
}

func (n *numbering) problem(pos int, format string, args ...any) {
	n.problems.AddAt(n.query.File, n.query.LineOf(pos), n.query.ColumnOf(pos), format, args...)
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

// Expand replaces each star by the columns it stands for, given by its byte offset
// in the file.
func (q *Query) Expand(stars map[int]string) {
	for i, token := range q.Tokens {
		if text, ok := stars[token.Pos]; ok && (token.Kind == Embed || token.Is("*")) {
			q.Tokens[i].Text = text
		}
	}
}

// HexList makes SQL take a list for one of BLOBs: they are sent as JSON too, in which
// they have to be hexadecimal.
func (q *Query) HexList(number int) {
	for i, token := range q.Tokens {
		if token.Slice && token.Number == number {
			q.Tokens[i].Text = "SELECT unhex(value) FROM json_each(?" + strconv.Itoa(number) + ")"
		}
	}
}

// Significant returns the query's tokens without the space between them.
func (q *Query) Significant() []Token { return Significant(q.Tokens) }

// Text puts the query's tokens together.
func (q *Query) Text() string {
	var text strings.Builder
	for _, token := range q.Tokens {
		text.WriteString(token.Text)
	}
	return text.String()
}

// PosAt returns the byte offset in the file of one in [Query.Text], and that of the
// query when it is outside.
func (q *Query) PosAt(offset int) int {
	end := 0
	for _, token := range q.Tokens {
		end += len(token.Text)
		if offset >= 0 && offset < end {
			return token.Pos
		}
	}
	return q.Pos
}
