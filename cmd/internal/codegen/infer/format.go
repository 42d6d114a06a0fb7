package infer

import "strings"

// formatted notes what a format that is written out says of the values behind it. It makes
// a text of any, so that is a hint only: %d stands for an INTEGER.
// See https://www.sqlite.org/printf.html.
func (p *parser) formatted(args []expr) {
	if len(args) == 0 || !args[0].literal || args[0].typ != Text {
		return
	}
	values := args[1:]
	hint := func(t Type) {
		if len(values) > 0 {
			p.claim(values[0].uses, t, hinted)
			values = values[1:]
		}
	}
	rest := args[0].text
	for {
		_, conversion, found := strings.Cut(rest, "%")
		conversion = strings.TrimLeft(conversion, "-+ #0!,")
		for conversion != "" && strings.IndexByte("*.l0123456789", conversion[0]) >= 0 {
			if conversion[0] == '*' { // a width or a precision
				hint(Integer)
			}
			conversion = conversion[1:]
		}
		if !found || conversion == "" {
			return
		}
		switch conversion[0] {
		case 'd', 'i', 'u', 'x', 'X', 'o', 'p', 'r':
			hint(Integer)
		case 'f', 'e', 'E', 'g', 'G':
			hint(Real)
		case 's', 'z', 'q', 'Q', 'w', 'c':
			hint(Text)
		case '%', 'n': // of no value
		default:
			return // here SQLite stops
		}
		rest = conversion[1:]
	}
}
