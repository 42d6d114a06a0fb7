package infer

import "slices"

// A parameter without a name is called after the column that it stands beside, also
// when arithmetic or a function is between the two: title LIKE '%' || ? || '%'.

// columnName returns the name of the column that an expression is, if it is one.
func (e expr) columnName() string {
	if e.origin != "" {
		return e.origin
	}
	return e.source.Column
}

// subject returns the name of the column that an expression is or is made of.
func (e expr) subject() string {
	if name := e.columnName(); name != "" {
		return name
	}
	return e.about
}

// talk notes that an expression is made of others: it is about the first column in
// them, and what it is compared with names all their parameters.
func (e *expr) talk(parts ...expr) {
	for _, part := range parts {
		if e.about == "" {
			e.about = part.subject()
		}
		for _, number := range part.nameless {
			if len(e.nameless) < maxUses && !slices.Contains(e.nameless, number) {
				e.nameless = append(e.nameless, number)
			}
		}
	}
}

// introduce names the parameters of each of two values after the other's column.
func (p *parser) introduce(a, b expr) {
	p.suggest(a, b.subject())
	p.suggest(b, a.subject())
}

// suggest gives a name to the parameters of a value that their author gave none.
func (p *parser) suggest(e expr, name string) {
	for _, number := range e.nameless {
		if c := &p.claims[number-1]; c.name == "" {
			c.name = name
		}
	}
}

// spoken returns which argument of a function its result is about: date(created_at) is
// about the time, and what stands behind it says only how.
func spoken(function string) int {
	if function == "strftime" {
		return 1
	}
	return 0
}

// titled returns what a result of a function is called that its author gave no name.
func titled(function string, args []expr) string {
	if function == "coalesce" || function == "ifnull" {
		for _, arg := range args {
			if arg.named && arg.name != "" {
				return arg.name
			}
		}
	}
	return function
}
