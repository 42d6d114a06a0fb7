package infer

import (
	"fmt"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// parser walks over the tokens of one statement. It gives up by panicking with a
// *LostError, which [Statement] returns.
type parser struct {
	tokens  []sqltext.Token
	closing []int // for each opening parenthesis the index of its closing one
	facts   map[int]*fact
	at      int
	catalog Catalog
	known   []Parameter // what is known of the parameters before
	claims  []claims    // what this reading says of them
	with    []*common   // the common table expressions in sight, the innermost last
	result  Result
	seen    []*scope // the scopes that columns were found in, in the order of the text

	depth, steps int // see maxDepth and maxSteps

	into   []Column // the columns that the arms of INSERT … SELECT fill
	oneRow bool     // the query read last has always exactly one row
}

// The bounds of what is read. SQLite's own limits are 1,000 expressions within each
// other and 2,000 columns. A part of a statement is read again only when something new
// was found out in it, so that real ones stay far below maxSteps.
const (
	maxDepth   = 2_000
	maxSteps   = 500_000
	maxColumns = 2_000
)

// fact is what reading a SELECT has found out of it that reading its beginning needs.
type fact struct {
	aggregate bool // an aggregate function makes one row of all
	unsure    bool // whose rows that function reads is not known
	aliased   bool // its conditions use names that its list gives
}

// pairs returns for each opening parenthesis the index of the one that closes it, or
// the number of tokens if none does.
func pairs(tokens []sqltext.Token) []int {
	closing := make([]int, len(tokens))
	var open []int
	for i, token := range tokens {
		switch {
		case token.Is("("):
			closing[i] = len(tokens)
			open = append(open, i)
		case token.Is(")") && len(open) > 0:
			closing[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	return closing
}

// enter counts one more thing within others, and leave one less.
func (p *parser) enter() {
	p.depth++
	p.spend(1)
	if p.depth > maxDepth {
		p.fail("it is too deep to follow its types: write it in parts, or as several queries")
	}
}

func (p *parser) leave() { p.depth-- }

// spend counts steps of reading.
func (p *parser) spend(steps int) {
	p.steps += steps
	if p.steps > maxSteps {
		p.fail("it is too long to follow its types: write it in parts, or as several queries")
	}
}

func (p *parser) peek(ahead int) sqltext.Token {
	if p.at+ahead >= len(p.tokens) {
		return sqltext.Token{}
	}
	return p.tokens[p.at+ahead]
}

func (p *parser) next() sqltext.Token {
	token := p.peek(0)
	if p.at >= len(p.tokens) {
		p.lost()
	}
	p.at++
	return token
}

func (p *parser) lost() {
	if p.at >= len(p.tokens) {
		p.fail("its types cannot be followed to its end: write it in another way, or in parts")
	}
	p.fail(fmt.Sprintf("its types cannot be followed beyond %q: write this place in another way", p.peek(0).Text))
}

// fail gives up at the token at hand.
func (p *parser) fail(reason string) {
	pos := 0
	if len(p.tokens) > 0 {
		pos = p.tokens[min(p.at, len(p.tokens)-1)].Pos
	}
	panic(&LostError{Reason: reason, Pos: pos})
}

// is reports whether the next tokens are the given words.
func (p *parser) is(words ...string) bool {
	for i, word := range words {
		if !p.peek(i).Is(word) {
			return false
		}
	}
	return true
}

func (p *parser) isAny(words ...string) bool {
	for _, word := range words {
		if p.peek(0).Is(word) {
			return true
		}
	}
	return false
}

// take steps over the given words if they come next.
func (p *parser) take(words ...string) bool {
	if !p.is(words...) {
		return false
	}
	p.at += len(words)
	return true
}

func (p *parser) takeAny(words ...string) bool {
	if !p.isAny(words...) {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(words ...string) {
	if !p.take(words...) {
		p.lost()
	}
}

// name returns the identifier that comes next. SQLite takes a string for one in some
// places.
func (p *parser) name() string {
	switch token := p.next(); token.Kind {
	case sqltext.Ident:
		return token.Name
	case sqltext.String:
		return strings.ReplaceAll(token.Text[1:len(token.Text)-1], "''", "'")
	default:
		p.at--
		p.lost()
		return ""
	}
}

// qualified returns the identifier behind those of a schema, and whether there was one.
func (p *parser) qualified() (name string, inSchema bool) {
	name = p.name()
	for p.take(".") {
		name, inSchema = p.name(), true
	}
	return name, inSchema
}

// names returns the identifiers of a list in parentheses.
func (p *parser) names() []string {
	p.expect("(")
	var names []string
	for {
		names = append(names, p.name())
		if !p.take(",") {
			break
		}
	}
	p.expect(")")
	return names
}

// skip steps to the next of the given words outside parentheses, or to the end of
// what the parentheses around hold.
func (p *parser) skip(words ...string) {
	for p.at < len(p.tokens) {
		p.spend(1)
		switch {
		case p.is("("):
			p.at = p.closing[p.at]
			if p.at == len(p.tokens) {
				return
			}
		case p.is(")"):
			return
		case p.is("FROM") && p.at > 0 && p.tokens[p.at-1].Is("DISTINCT"):
		case p.is("WINDOW") && !p.peek(2).Is("AS"): // a name
		case p.isAny(words...):
			return
		}
		p.at++
	}
}

// skipParens steps over a pair of parentheses and what they hold.
func (p *parser) skipParens() {
	if !p.is("(") {
		p.lost()
	}
	p.at = p.closing[p.at]
	p.expect(")")
}

// elsewhere reads at another place and comes back. What it reads there is no part of
// what is around this place.
func (p *parser) elsewhere(read func()) {
	at, with, into, oneRow := p.at, p.with, p.into, p.oneRow
	p.into = nil
	read()
	p.at, p.with, p.into, p.oneRow = at, with, into, oneRow
}
