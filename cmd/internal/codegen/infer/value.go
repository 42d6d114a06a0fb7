package infer

import (
	"math"
	"slices"
)

// argument notes that a function takes a value for one of the type. One that takes
// any number says little of it.
func (p *parser) argument(e expr, t Type) {
	if t == Real {
		p.claim(e.uses, Real, hinted)
		return
	}
	p.place(e, t)
}

// firstOf returns the value of coalesce: one of its arguments, none of them behind the
// first that is never NULL.
func (p *parser) firstOf(args []expr) expr {
	for i, arg := range args {
		if i < len(args)-1 {
			p.missing(arg) // else what follows would never be taken
		}
		if !arg.nullable && arg.param == 0 {
			e := p.oneOf(args[:i+1])
			e.nullable = false
			return e
		}
	}
	e := p.oneOf(args)
	e.nullable = len(args) == 0 || args[len(args)-1].nullable
	return e
}

// unless returns the value of nullif.
func (p *parser) unless(args []expr) expr {
	if len(args) != 2 {
		return expr{nullable: true}
	}
	p.match(args[0], args[1])
	e := expr{typ: args[0].typ, why: args[0].why, source: args[0].source, nullable: true}
	e.talk(args...)
	for _, u := range args[0].uses {
		e.uses = append(e.uses, use{u.number, u.at, max(u.kind, guarded)})
	}
	return e
}

// choice returns the value of iif(condition, value, …, otherwise).
func (p *parser) choice(args []expr) expr {
	var values []expr
	i := 0
	for ; i+1 < len(args); i += 2 {
		p.place(args[i], Bool)
		values = append(values, args[i+1])
	}
	total := i < len(args)
	if total {
		values = append(values, args[i])
	}
	e := p.oneOf(values)
	e.nullable = e.nullable || !total
	return e
}

// typed returns the type of what a function returns, or why it has none.
func (f function) typed(name string, args []expr) (Type, string) {
	if len(args) == 0 {
		return f.result, f.why
	}
	first := args[0]
	switch f.shape {
	case numeric:
		return number(first.typ, first.typ), ""
	case same:
		if len(args) == 3 && f.nulls == ofOther {
			return either(first, args[2])
		}
		return first.typ, first.why
	}
	switch name {
	case "substr", "substring":
		if first.typ == Blob || first.typ == Unknown && first.param == 0 && !first.noBlob {
			return first.typ, first.why
		}
	case "unixepoch":
		if !wholeSeconds(args) {
			return Real, ""
		}
	}
	return f.result, f.why
}

// mayBeNull reports whether a function may return NULL. certain is whether the rows
// that it reads, if it reads several, surely include the one at hand.
func (f function) mayBeNull(name string, args []expr, certain bool) bool {
	given := false
	numbers := true
	for _, arg := range args {
		given = given || arg.nullable
		numbers = numbers && arg.typ.number()
	}
	switch f.nulls {
	case never:
		return false
	case withArg:
		return given || len(args) == 0 || args[0].typ == Blob && (name == "substr" || name == "substring")
	case withFirst:
		return len(args) == 0 || args[0].nullable
	case ofNumber:
		return given || !numbers
	case ofPath:
		return given || len(args) != 1
	case ofChange:
		return len(args) == 0 || args[0].nullable || nullablePath(args[1:])
	case ofOther:
		return len(args) != 3 || !args[1].literal || given
	case ofTime:
		return given || !certainTime(name, args)
	case ofGroup:
		return !certain || len(args) == 0 || args[0].nullable
	case ofWeights:
		// Infinite ones make a NaN, which is NULL. So would no row at all, of which there is
		// no rank: that is an error of the query.
		return len(args) == 0 || slices.ContainsFunc(args[1:], func(weight expr) bool {
			return !weight.literal || !weight.typ.number() || math.IsInf(weight.number, 0)
		})
	default:
		return true
	}
}

// nullablePath reports whether a path may be NULL among paths and values in turn.
func nullablePath(args []expr) bool {
	for i := 0; i < len(args); i += 2 {
		if args[i].nullable {
			return true
		}
	}
	return false
}
