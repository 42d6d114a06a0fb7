package corpus

import (
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/corpus/driver"
)

// byHand returns a query as one would write it without sqlc: its macros are replaced,
// and each place of a parameter is known, so that lists can be written out when their
// lengths are. Parameters are numbered as SQLite numbers them.
func byHand(s statement) driver.Statement {
	e := expander{numbers: map[string]int{}}
	tokens := lex(s.body())
	for i := 0; i < len(tokens); {
		if macro, argument, length := macroAt(tokens[i:]); length > 0 {
			e.macro(macro, argument)
			i += length
			continue
		}
		if t := tokens[i]; t.kind == tokenParam {
			e.param(t.text)
		} else if t.kind == tokenComment {
			e.text.WriteByte(' ')
		} else {
			e.text.WriteString(t.text)
		}
		i++
	}
	e.flush()
	return e.result
}

type expander struct {
	result  driver.Statement
	text    strings.Builder
	numbers map[string]int // of parameters with a name
}

// macroAt reads sqlc.name(argument) at the beginning of tokens. The length is zero when
// there is none.
func macroAt(tokens []token) (name, argument string, length int) {
	if !tokens[0].is("SQLC") {
		return "", "", 0
	}
	var read []token
	for i, t := range tokens {
		if t.blank() {
			continue
		}
		read = append(read, t)
		if len(read) == 6 {
			ok := read[1].text == "." && read[2].kind == tokenWord && read[3].text == "(" && read[5].text == ")"
			if !ok {
				return "", "", 0
			}
			return strings.ToLower(read[2].text), strings.Trim(read[4].text, "'\"`[]"), i + 1
		}
	}
	return "", "", 0
}

func (e *expander) macro(name, argument string) {
	switch name {
	case "embed":
		e.text.WriteString(`"` + strings.ReplaceAll(argument, `"`, `""`) + `".*`)
	case "slice":
		before := strings.Fields(e.text.String())
		if bare := len(before) > 0 && strings.EqualFold(before[len(before)-1], "IN"); bare { // which sqlc lets pass
			e.text.WriteByte('(')
			defer e.text.WriteByte(')')
		}
		e.place(e.named(argument), driver.List)
	default: // arg and narg
		e.place(e.named(argument), driver.Scalar)
	}
}

func (e *expander) param(text string) {
	digits, question := strings.CutPrefix(text, "?")
	switch number, err := strconv.Atoi(digits); {
	case !question:
		e.place(e.named(text[1:]), driver.Scalar)
	case digits == "":
		e.place(len(e.result.Params)+1, driver.Scalar)
	case err == nil && 0 < number && number < 1000:
		e.place(number, driver.Scalar)
	default:
		e.text.WriteString(text) // SQLite refuses it
	}
}

// named returns the number of a named parameter.
func (e *expander) named(name string) int {
	if e.numbers[name] == 0 {
		e.numbers[name] = len(e.result.Params) + 1
		e.result.Params = append(e.result.Params, driver.Param{Name: name})
	}
	return e.numbers[name]
}

func (e *expander) place(number int, kind driver.Kind) {
	for len(e.result.Params) < number {
		e.result.Params = append(e.result.Params, driver.Param{})
	}
	if kind == driver.List {
		e.result.Params[number-1].Kind = kind
	}
	e.flush()
	e.result.Parts = append(e.result.Parts, driver.Part{Param: number})
}

func (e *expander) flush() {
	if e.text.Len() > 0 {
		e.result.Parts = append(e.result.Parts, driver.Part{Text: e.text.String()})
		e.text.Reset()
	}
}
