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
	at      int
	catalog Catalog
	known   []Parameter // what is known of the parameters before
	with    []*source   // the common table expressions in sight, the innermost last
	result  Result

	depth, steps int // of expressions, see maxDepth and maxSteps

	into   []Column // the columns that the arms of INSERT … SELECT fill
	oneRow bool     // the query read last has always exactly one row
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
		p.fail("its types cannot be followed to its end: write it in another way")
	}
	p.fail(fmt.Sprintf("its types cannot be followed beyond %q: write it in another way", p.peek(0).Text))
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
	depth := 0
	for ; p.at < len(p.tokens); p.at++ {
		switch {
		case p.is("("):
			depth++
		case p.is(")"):
			depth--
			if depth < 0 {
				return
			}
		case depth > 0:
		case p.is("FROM") && p.at > 0 && p.tokens[p.at-1].Is("DISTINCT"):
		case p.isAny(words...):
			return
		}
	}
}

// skipParens steps over a pair of parentheses and what they hold.
func (p *parser) skipParens() {
	p.expect("(")
	p.skip()
	p.expect(")")
}

// place notes that a parameter, if e is one and nothing else, stands where a value of
// the type is wanted.
func (p *parser) place(e expr, t Type) {
	if e.param == 0 || t == Unknown || t == Null {
		return
	}
	param := &p.result.Params[e.param-1]
	switch {
	case param.Conflict != "":
	case param.Type == Unknown || param.Type == t:
		param.Type = t
	default:
		param.Conflict = "it stands for " + param.Type.String() + " in one place and for " + t.String() + " in another"
		param.Type = Unknown
	}
}

// store notes that a value goes into a column.
func (p *parser) store(e expr, column Column) {
	p.place(e, column.Type)
	p.suggest(e, column.Name)
	if e.param != 0 && column.Nullable {
		p.result.Params[e.param-1].Nullable = true
	}
}

// match notes that two values are compared with each other.
func (p *parser) match(a, b expr) {
	if len(a.row) > 0 && len(a.row) == len(b.row) {
		for i := range a.row {
			p.match(a.row[i], b.row[i])
		}
		return
	}
	p.compare(a, b)
	p.compare(b, a)
	p.suggest(a, b.origin)
	p.suggest(b, a.origin)
}

// compare notes that a parameter, if e is one, is compared with a value. A literal
// says little of its type: 0 goes with REAL as well.
func (p *parser) compare(e, with expr) {
	if e.param == 0 || !with.literal {
		p.place(e, with.typ)
		return
	}
	if param := &p.result.Params[e.param-1]; param.weak == Unknown && with.typ != Null {
		param.weak = with.typ
	}
}

// suggest gives a name to a parameter that its author gave none.
func (p *parser) suggest(e expr, name string) {
	if e.param == 0 {
		return
	}
	if param := &p.result.Params[e.param-1]; param.Name == "" {
		param.Name = name
	}
}

// identical notes that two values are compared by IS, to which NULL is a value.
func (p *parser) identical(a, b expr) {
	p.match(a, b)
	for _, pair := range [][2]expr{{a, b}, {b, a}} {
		if pair[0].param != 0 && pair[1].typ != Null && pair[1].param == 0 && pair[1].nullable {
			p.result.Params[pair[0].param-1].Nullable = true
		}
	}
}
