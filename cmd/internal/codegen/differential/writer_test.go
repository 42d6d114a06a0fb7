package differential

import (
	"fmt"
	"strconv"
	"strings"
)

// writer draws one statement.
type writer struct {
	*drawer
	schema *schema
	inert  bool // without parameters

	style  style
	params []parameter
	names  names
	uses   []use
	hints  []hint
	wrote  int    // aliases so far
	window string // a definition that WINDOW has to give a name
}

// style is how the parameters of a query are written.
type style int

const (
	at style = iota
	function
	colon
	dollar
	mixedNames
	question
	numbered
	mixed // ? beside names, which may be refused
	styles
)

// parameter is a parameter of the statement.
type parameter struct {
	name     string
	kind     kind
	list     bool
	nullable bool
}

// use is a place in the statement that people write in a way that SQLite does not read,
// and what SQLite reads in its place.
type use struct {
	written, plain string
	param          int // its index, or -1
}

// hint is a comment that tells a type.
type hint struct {
	param int // its index, or -1
	text  string
}

// put notes a use and returns the mark that stands for it in the text.
func (w *writer) put(u use) string {
	w.uses = append(w.uses, u)
	return mark(len(w.uses) - 1)
}

func mark(use int) string { return "\x01" + strconv.Itoa(use) + "\x02" }

// plain returns a text with marks as SQLite reads it.
func (w *writer) plain(marked string) string {
	return w.replace(marked, func(u use) string { return u.plain })
}

// takesArguments reports whether a parameter is left in a text with marks.
func (w *writer) takesArguments(marked string) bool { return len(w.numbers(marked)) > 0 }

// numbers returns the numbers of the parameters in a text by the order of their first
// uses. What was drawn and then not used has none.
func (w *writer) numbers(marked string) map[int]int {
	numbers := map[int]int{}
	for _, part := range strings.Split(marked, "\x01")[1:] {
		digits, _, _ := strings.Cut(part, "\x02")
		i, err := strconv.Atoi(digits)
		if err != nil {
			w.Fatalf("the mark %q is no number", digits)
		}
		if param := w.uses[i].param; param >= 0 && numbers[param] == 0 {
			numbers[param] = len(numbers) + 1
		}
	}
	return numbers
}

// text returns a text with marks as its author writes it, with the comments above it
// that are about it.
func (w *writer) text(marked string) string {
	numbers := w.numbers(marked)
	written := ""
	for _, h := range w.hints {
		switch {
		case h.param < 0:
			written += h.text + "\n"
		case numbers[h.param] > 0:
			written += strings.Replace(h.text, "#", strconv.Itoa(numbers[h.param]), 1) + "\n"
		}
	}
	return written + w.replace(marked, func(u use) string {
		if u.param >= 0 {
			return strings.Replace(u.written, "#", strconv.Itoa(numbers[u.param]), 1)
		}
		return u.written
	})
}

func (w *writer) replace(marked string, by func(use) string) string {
	pairs := make([]string, 0, 2*len(w.uses))
	for i, u := range w.uses {
		pairs = append(pairs, mark(i), by(u))
	}
	return strings.NewReplacer(pairs...).Replace(marked)
}

// param draws a use of a parameter of a kind, often of one that is there already.
func (w *writer) param(k kind) string {
	if w.inert {
		return w.pick(literals[k]...)
	}
	if w.oneIn(3) {
		for i, p := range w.params {
			if p.kind == k && !p.list && p.name != "" {
				return w.write(i)
			}
		}
	}
	p := parameter{kind: k}
	unnamed := w.style == question || w.style == mixed && w.oneIn(2)
	if !unnamed {
		p.name = w.names.take(w.T, paramNames)
		p.nullable = w.oneIn(8) && (w.style == function || w.style == mixedNames)
	}
	w.params = append(w.params, p)
	return w.write(len(w.params) - 1)
}

// write writes a parameter in the style of the query.
func (w *writer) write(i int) string {
	p := w.params[i]
	call := "arg"
	if p.nullable {
		call = "narg"
	}
	var written string
	s := w.style
	if s == mixedNames || s == mixed {
		s = style(w.index(3))
	}
	switch {
	case p.name == "":
		written = "?"
	case s == numbered:
		written = "?#"
	case p.nullable || s == function:
		written = fmt.Sprintf("sqlc.%s(%s)", call, w.pick(p.name, "'"+p.name+"'"))
	case s == at:
		written = "@" + p.name
	case s == colon:
		written = ":" + p.name
	default:
		written = "$" + p.name
	}
	return w.put(use{written, "?1", i})
}

// typed draws a parameter whose type its place does not tell.
func (w *writer) typed(k kind) string {
	known := len(w.params)
	p := w.param(k)
	fresh := len(w.params) > known
	if fresh && w.params[known].name != "" && w.oneIn(6) {
		name := w.params[known].name
		if w.style == numbered {
			name = "#"
		}
		w.hints = append(w.hints, hint{known, fmt.Sprintf("-- @param %s %s", name, hints[k])})
		return p
	}
	switch {
	case k == document: // a text that is no JSON fails in one plan, and is not looked at in another
		return fmt.Sprintf("json_quote(CAST(%s AS TEXT))", p)
	case k == moment: // or NULL, when the text is none
		return fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f', CAST(%s AS TEXT))", p)
	case k == blob: // nil is NULL, also where the type does not say so
		return fmt.Sprintf("coalesce(CAST(%s AS BLOB), x'')", p)
	case fresh && w.oneIn(6): // which the generator mostly refuses
		return p
	default:
		return fmt.Sprintf("CAST(%s AS %s)", p, casts[k])
	}
}

// list draws a list for IN.
func (w *writer) list(k kind) string {
	if w.inert || w.style == numbered || !w.oneIn(3) && k > boolean {
		return w.pick(literals[k]...) + ", " + w.pick(literals[k]...)
	}
	for i, p := range w.params {
		if p.list && p.kind == k && w.oneIn(2) {
			return w.slice(i)
		}
	}
	w.params = append(w.params, parameter{name: w.names.take(w.T, []string{"ids", "names", "list", "größen"}), kind: k, list: true})
	return w.slice(len(w.params) - 1)
}

func (w *writer) slice(i int) string {
	name := w.params[i].name
	return w.put(use{fmt.Sprintf("sqlc.slice(%s)", w.pick("'"+name+"'", name)), "?1", i})
}

// alias returns a name that the statement does not have yet.
func (w *writer) alias(prefix string) string {
	w.wrote++
	return prefix + strconv.Itoa(w.wrote)
}
