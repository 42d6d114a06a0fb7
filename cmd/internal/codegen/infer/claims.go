package infer

import (
	"cmp"
	"slices"
)

// strength is how much a place says of a parameter that stands there.
type strength int

const (
	hinted   strength = iota // it is next to a literal or %d: 0 goes with REAL as well
	used                     // an operator or a function takes it for that, and would take another
	likened                  // it is compared with a text that no column holds, be it a time
	compared                 // it is compared with a value of the type, or cast to it
	stored                   // a column or SQLite itself takes nothing else
	strengths
)

// use is a parameter behind a value.
type use struct {
	number int
	at     int // the index of its token
	kind   useKind
}

type useKind int

const (
	itself  useKind = iota // the value is that of the parameter
	guarded                // the same, but NULL may take its place
	operand                // it was calculated with
)

// maxUses is how many parameters of a value are followed.
const maxUses = 64

// claims are what a statement says of one parameter.
type claims struct {
	types    [strengths]Type
	conflict [strengths]string
	nullable bool
	name     string
	why      string // why a column that it goes with has no type
	columns  []claimed
}

// claimed is a column that a parameter is compared with or stored in.
type claimed struct {
	at     int
	source Source
}

// agree returns the type of a parameter that two places of one strength say something
// of.
func agree(a, b Type, how strength) (Type, bool) {
	switch {
	case a == Unknown || a == b:
		return b, true
	case how == hinted:
		if a == Integer && b == Real {
			return Real, true
		}
		return a, true
	case how == stored:
		return a, false
	case a.number() && b.number():
		return number(a, b), true
	case a == Text && b == Json, a == Json && b == Text:
		return Json, true
	case how < compared && (a == Text && b == Time || a == Time && b == Text):
		return Time, true
	default:
		return a, false
	}
}

// fits reports whether a parameter of a type can be compared with values of another.
func fits(t, with Type, how strength) bool {
	return t == with || t.number() && with.number() ||
		t == Json && with == Text || t == Text && with == Json || t == Time && with == Text && how == likened
}

// claim notes what a place says of the parameters behind a value.
func (p *parser) claim(uses []use, t Type, how strength) {
	if t == Unknown || t == Null {
		return
	}
	for _, u := range uses {
		how := how
		if u.kind == operand {
			if !t.number() {
				continue // the arithmetic in between has made a number of it
			}
			how = min(how, used)
		}
		c := &p.claims[u.number-1]
		agreed, ok := agree(c.types[how], t, how)
		if !ok && c.conflict[how] == "" {
			c.conflict[how] = disagree(c.types[how], t)
		}
		c.types[how] = agreed
	}
}

func disagree(a, b Type) string {
	return "it stands for " + a.String() + " in one place and for " + b.String() + " in another"
}

// settle returns what all claims together say of a parameter.
func (c *claims) settle() Parameter {
	result := Parameter{Nullable: c.nullable, Name: c.name, Why: c.why}
	for i, t := range slices.Backward(c.types[:]) {
		how := strength(i)
		switch {
		case t == Unknown || result.Conflict != "":
		case result.Type == Unknown:
			result.Type, result.Conflict = t, c.conflict[how]
		case how < likened: // what takes anything takes this too
		case c.conflict[how] != "":
			result.Conflict = c.conflict[how]
		case !fits(result.Type, t, how):
			result.Conflict = disagree(result.Type, t)
		}
	}
	if result.Conflict != "" {
		result.Type = Unknown
	}
	slices.SortStableFunc(c.columns, func(a, b claimed) int { return cmp.Compare(a.at, b.at) })
	for _, column := range c.columns {
		if !slices.Contains(result.Columns, column.source) {
			result.Columns = append(result.Columns, column.source)
		}
	}
	return result
}

// place notes that a function or an operator takes a value for one of the type.
func (p *parser) place(e expr, t Type) { p.claim(e.uses, t, used) }

// relate notes that the parameters behind a value stand for what a column holds.
func (p *parser) relate(e expr, source Source) {
	if source == (Source{}) {
		return
	}
	for _, u := range e.uses {
		if c := &p.claims[u.number-1]; u.kind != operand && !slices.Contains(c.columns, claimed{u.at, source}) {
			c.columns = append(c.columns, claimed{u.at, source})
		}
	}
}

// missing notes that the parameters behind a value can be NULL.
func (p *parser) missing(e expr) {
	for _, u := range e.uses {
		if u.kind == itself {
			p.claims[u.number-1].nullable = true
		}
	}
}

// puzzled notes why a place does not say what the parameters behind a value are.
func (p *parser) puzzled(e expr, t Type, why string) {
	for _, u := range e.uses {
		if c := &p.claims[u.number-1]; t == Unknown && c.why == "" {
			c.why = why
		}
	}
}

// store notes that a value goes into a column.
func (p *parser) store(e expr, column Column) {
	p.claim(e.uses, column.Type, stored)
	p.suggest(e, column.Name)
	p.relate(e, column.Source)
	p.puzzled(e, column.Type, column.Why)
	if e.param == 0 {
		p.noteStored(e, column)
	}
	if column.Nullable {
		p.missing(e)
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
	for _, pair := range [][2]expr{{a, b}, {b, a}} {
		if column := pair[0].columnName(); column != "" && pair[0].typ == Time && pair[1].clock != "" {
			p.note("%s is compared with the format of %s, which is shorter than that of the times in it: write strftime('%%Y-%%m-%%d %%H:%%M:%%f', …)", column, pair[1].clock)
		}
	}
	p.introduce(a, b)
}

// compare notes that a value is compared with another.
func (p *parser) compare(e, with expr) {
	if len(e.uses) == 0 {
		return
	}
	p.relate(e, with.source)
	if len(with.uses) == 0 {
		p.puzzled(e, with.typ, with.why)
	}
	switch {
	case with.literal:
		p.claim(e.uses, with.typ, hinted)
	case len(with.uses) > 0: // what it is may come from this very place
		p.claim(e.uses, with.typ, used)
	case with.typ == Text && with.source == (Source{}):
		p.claim(e.uses, Text, likened)
	default:
		p.claim(e.uses, with.typ, compared)
	}
}

// identical notes that two values are compared by IS, to which NULL is a value.
func (p *parser) identical(a, b expr) {
	p.match(a, b)
	for _, pair := range [][2]expr{{a, b}, {b, a}} {
		if pair[1].nullable && pair[1].param == 0 {
			p.missing(pair[0])
		}
	}
}
