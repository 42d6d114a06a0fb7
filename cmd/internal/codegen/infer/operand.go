package infer

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// primary reads an operand.
func (p *parser) primary(s *scope) expr {
	token := p.next()
	switch token.Kind {
	case sqltext.Param:
		known := p.known[token.Number-1]
		uses := []use{{number: token.Number, at: p.at - 1}}
		return expr{typ: known.Type, nullable: known.Nullable, param: token.Number, uses: uses, nameless: []int{token.Number}, why: "no place of the query says what the parameter is"}
	case sqltext.Number:
		return number64(token.Text)
	case sqltext.String:
		text := strings.ReplaceAll(token.Text[1:len(token.Text)-1], "''", "'")
		return expr{typ: Text, literal: true, text: text, json: json.Valid([]byte(text))}
	case sqltext.Blob:
		return expr{typ: Blob, literal: true}
	}
	p.at--
	switch {
	case p.take("NULL"):
		return expr{typ: Null, nullable: true, literal: true, why: "it is always NULL"}
	case p.is("("):
		return p.parenthesized(s)
	case p.take("EXISTS"):
		p.expect("(")
		p.query(s)
		p.expect(")")
		return expr{typ: Bool, name: "exists"}
	case p.take("CASE"):
		return p.caseOf(s)
	case p.is("CAST", "("):
		return p.cast(s)
	case p.take("CURRENT_TIMESTAMP"):
		return expr{typ: Text, text: "now", timely: true, clock: "CURRENT_TIMESTAMP"}
	case p.take("CURRENT_DATE"):
		return expr{typ: Text, text: "now", timely: true}
	case p.take("CURRENT_TIME"):
		return expr{typ: Text}
	case token.Kind == sqltext.Ident && p.peek(1).Is("("):
		return p.call(s)
	case token.Kind == sqltext.Ident:
		return p.column(s)
	}
	p.lost()
	return expr{}
}

// number64 returns a literal. One that is too large for an INTEGER is a REAL.
func number64(text string) expr {
	digits := strings.ReplaceAll(text, "_", "")
	e := expr{typ: Real, literal: true}
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		e.typ, e.nonzero = Integer, strings.Trim(hex, "0") != ""
		n, _ := strconv.ParseUint(hex, 16, 64) // 0 when it is none, which SQLite refuses
		e.number = float64(int64(n))
		return e
	}
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		e.typ, e.nonzero, e.number, e.whole = Integer, n != 0, float64(n), big.NewInt(n)
		return e
	}
	// % cuts its operands to integers.
	f, err := strconv.ParseFloat(digits, 64)
	e.nonzero, e.number = err == nil && f >= 1, f
	return e
}

func (p *parser) parenthesized(s *scope) expr {
	p.expect("(")
	if p.isAny("SELECT", "WITH", "VALUES") {
		outputs := p.query(s)
		p.expect(")")
		return p.scalar(outputs)
	}
	e := p.expr(s)
	if p.is(",") {
		row := []expr{e}
		for p.take(",") {
			row = append(row, p.expr(s))
		}
		e = rowOf(row)
	}
	p.expect(")")
	return e
}

// scalar returns the value of a subquery.
func (p *parser) scalar(outputs []Output) expr {
	row := make([]expr, len(outputs))
	for i, o := range outputs {
		row[i] = expr{
			typ: o.Type, why: o.Why, name: o.Name, source: o.Source, uses: o.uses, nameless: o.nameless,
			nullable: o.Nullable || !p.oneRow,
		}
	}
	if len(row) == 1 {
		return row[0]
	}
	return rowOf(row)
}

func rowOf(row []expr) expr {
	e := truth(row...)
	e.typ, e.why, e.row, e.strict, e.proves = Unknown, "a row of several values has no type", row, nil, nil
	return e
}

func (p *parser) caseOf(s *scope) expr {
	var subject expr
	hasSubject := !p.is("WHEN")
	if hasSubject {
		subject = p.expr(s)
	}
	var values []expr
	for p.take("WHEN") {
		condition := p.expr(s)
		if hasSubject {
			p.match(subject, condition)
		} else {
			p.place(condition, Bool)
		}
		p.expect("THEN")
		values = append(values, p.expr(s))
	}
	total := p.take("ELSE")
	if total {
		values = append(values, p.expr(s))
	}
	p.expect("END")
	result := p.oneOf(values)
	result.nullable = result.nullable || !total
	return result
}

// oneOf returns the value that is one of several. Parameters among them get the type
// of the others.
func (p *parser) oneOf(values []expr) expr {
	p.spend(len(values) * len(values))
	result := expr{typ: Null, why: "it is always NULL"}
	for _, v := range values {
		result.nullable = result.nullable || v.nullable
		result.uses = append(result.uses, v.uses[:min(len(v.uses), maxUses-len(result.uses))]...)
		if !v.open() {
			result.typ, result.why = either(result, v)
		}
	}
	for _, v := range values {
		if !v.open() {
			continue
		}
		p.place(v, result.typ)
		for _, other := range values {
			if !other.open() {
				p.relate(v, other.source)
				p.suggest(v, other.subject())
			}
		}
	}
	for _, v := range values {
		if v.open() {
			result.typ, result.why = either(result, v)
		}
	}
	result.source = commonSource(values)
	result.talk(values...)
	return result
}

// commonSource returns the column that each of several values is read from, if it is
// one and the same. NULL is a value of every column, and a parameter among them is what
// the others are.
func commonSource(values []expr) Source {
	var common Source
	found := false
	for _, v := range values {
		if v.typ == Null || v.param != 0 {
			continue
		}
		if found && v.source != common {
			return Source{}
		}
		common, found = v.source, true
	}
	return common
}

// open reports whether the type of a value is that of parameters, which may be known
// from what is around it.
func (e expr) open() bool { return e.param != 0 || len(e.uses) > 0 && e.typ == Unknown }

// either returns the type of a value that is one of two expressions, or why it has
// none.
func either(a, b expr) (Type, string) {
	at, bt := a.typ, b.typ
	if at == Json && bt == Text && b.json {
		bt = Json
	}
	if bt == Json && at == Text && a.json {
		at = Json
	}
	if at == Time && bt == Text && b.timely {
		bt = Time
	}
	if bt == Time && at == Text && a.timely {
		at = Time
	}
	return mix(at, bt, a.why, b.why)
}

func (p *parser) cast(s *scope) expr {
	p.expect("CAST", "(")
	e := p.expr(s)
	p.expect("AS")
	var words []string
	for !p.is(")") && !p.is("(") {
		words = append(words, p.name())
	}
	if p.is("(") {
		p.skipParens()
	}
	p.expect(")")
	t, why := castTo(strings.Join(words, " "))
	p.claim(e.uses, t, compared)
	result := truth(e)
	result.typ, result.why, result.name = t, why, e.name
	if t == Blob {
		result.bytes = "CAST AS BLOB"
	}
	result.talk(e)
	return result
}

// column reads name, table.name or schema.table.name.
func (p *parser) column(s *scope) expr {
	quoted := p.peek(0).Quoted
	name := p.name()
	qualifier := ""
	for p.is(".") && p.peek(1).Kind == sqltext.Ident {
		p.at++
		qualifier, name = name, p.name()
	}
	if e, ok := p.find(s, qualifier, name); ok {
		return e
	}
	if qualifier == "" && !quoted && (strings.EqualFold(name, "TRUE") || strings.EqualFold(name, "FALSE")) {
		return expr{typ: Bool, literal: true, nonzero: strings.EqualFold(name, "TRUE")}
	}
	return expr{nullable: true, name: name, why: "where " + name + " comes from is not known"}
}
