package infer

import (
	"slices"
	"strings"
)

// call reads function(…) with FILTER and OVER behind it.
func (p *parser) call(s *scope) expr {
	name := strings.ToLower(p.name())
	p.expect("(")
	p.take("DISTINCT")
	seen := len(p.seen)
	var args []expr
	if !p.take("*") {
		for !p.is(")") && !p.is("ORDER") {
			args = append(args, p.expr(s))
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("ORDER", "BY") {
		p.ordering(s)
	}
	p.expect(")")
	if slices.Contains(sessionFunctions, name) {
		p.result.Session = true
	}
	certain := true // the group has the row at hand
	if p.take("FILTER") {
		p.expect("(", "WHERE")
		p.place(p.expr(s), Bool)
		p.expect(")")
		certain = false
	}
	switch {
	case p.take("OVER"):
		if !p.is("(") {
			p.name()
			certain = false
		} else if p.window(s) {
			certain = false
		}
	case aggregates[name] || (name == "min" || name == "max") && len(args) == 1:
		of := p.aggregates(s, p.seen[seen:])
		if of.collapsed || of.fact == nil {
			certain = false // the one group may be empty
		}
	}
	e := p.value(name, args, certain)
	e.name = titled(name, args)
	return e
}

// aggregates notes that an aggregate function stands in the scope whose arguments are
// read from those given, and returns the scope whose rows it reads: the innermost that
// the arguments are of, the scope itself when they are of none.
func (p *parser) aggregates(s *scope, seen []*scope) *scope {
	of := s
	if len(seen) > 0 && !slices.Contains(seen, s) {
		for at := s.outer; at != nil; at = at.outer {
			p.spend(1 + len(seen)/16)
			if slices.Contains(seen, at) {
				of = at
				break
			}
		}
	}
	for at := s; at != nil && slices.Contains(seen, nil); at = at.outer {
		if at.fact != nil { // it may be any of them
			at.fact.aggregate, at.fact.unsure = true, true
		}
	}
	if of.fact != nil {
		of.fact.aggregate = true
	}
	return of
}

// window reads the parentheses of OVER, and reports whether they set a frame.
func (p *parser) window(s *scope) bool {
	p.expect("(")
	if !p.is(")") && !p.isAny("PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS") {
		p.name()
	}
	if p.take("PARTITION", "BY") {
		for {
			p.expr(s)
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("ORDER", "BY") {
		p.ordering(s)
	}
	framed := p.isAny("ROWS", "RANGE", "GROUPS")
	p.frame(s)
	p.expect(")")
	return framed
}

// frame reads ROWS BETWEEN … AND … EXCLUDE ….
func (p *parser) frame(s *scope) {
	if !p.takeAny("ROWS", "RANGE", "GROUPS") {
		return
	}
	for range 2 {
		p.take("BETWEEN")
		if !p.takeAny("UNBOUNDED", "CURRENT") {
			p.place(p.comparison(s), Integer)
		}
		p.next() // PRECEDING, FOLLOWING or ROW
		if !p.take("AND") {
			break
		}
	}
	p.skip() // EXCLUDE …
}

// value returns the value of a function.
func (p *parser) value(name string, args []expr, certain bool) expr {
	switch name {
	case "coalesce", "ifnull":
		return p.firstOf(args)
	case "iif", "if":
		return p.choice(args)
	case "nullif":
		return p.unless(args)
	case "min", "max":
		e := p.oneOf(args)
		if len(args) == 1 {
			e.nullable = args[0].nullable || !certain
		}
		return e
	}
	f, ok := functions[name]
	if !ok {
		return expr{nullable: true, why: "what the function " + name + " returns is not known"}
	}
	e := expr{json: f.json, noBlob: name == "json_extract"}
	for i, arg := range args {
		if n := len(f.args); n > 0 {
			p.argument(arg, f.args[min(i, n-1)])
		}
	}
	if name == "printf" || name == "format" {
		p.formatted(args)
	}
	if f.shape == numeric {
		e.uses = calculated(Real, args...).uses
	}
	e.typ, e.why = f.typed(name, args)
	if f.shape == same && len(args) > 0 {
		e.source = args[0].source
		if len(args) == 3 { // what lag and lead return where there is no such row
			e.source = commonSource([]expr{args[0], args[2]})
		}
	}
	e.nullable = f.mayBeNull(name, args, certain)
	if f.result == Blob && e.typ == Blob {
		e.bytes = name + "()"
	}
	if at := spoken(name); at < len(args) {
		e.talk(args[at])
	}
	if name == "datetime" {
		e.clock = "datetime()"
	}
	e.timely = (name == "date" || name == "datetime") && certainTime(name, args)
	return e
}
