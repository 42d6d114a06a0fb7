package infer

import (
	"regexp"
	"strings"
)

// certainTime reports whether a date function surely finds a time: that of 'now', with
// modifiers that are written out and known, or that of a column of times without any,
// in a format that is written out and known.
func certainTime(name string, args []expr) bool {
	if name == "strftime" {
		if len(args) == 0 || !args[0].literal || args[0].typ != Text || !knownFormat(args[0].text) {
			return false
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return true
	}
	first := args[0]
	if first.typ == Time && first.param == 0 {
		return len(args) == 1
	}
	if first.typ != Text || !strings.EqualFold(first.text, "now") {
		return false
	}
	for _, arg := range args[1:] {
		if !arg.literal || arg.typ != Text || !modifier.MatchString(arg.text) {
			return false
		}
	}
	return len(args) <= maxModifiers
}

// modifier matches the modifiers that make of the present time another that SQLite
// can write. With few of them and small numbers it stays within its years 0 to 9999.
var modifier = regexp.MustCompile(`(?i)^([-+]?\d{1,3}(\.\d+)? (second|minute|hour|day|month|year)s?|start of (day|month|year)|weekday [0-6]|localtime|utc|subsec|subsecond|ceiling|floor)$`)

const maxModifiers = 4

// knownFormat reports whether strftime has a value for every % of the format.
func knownFormat(format string) bool {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if i == len(format) || !strings.ContainsRune("deFfgGHIjJklmMpPRsSTuUVwWYy%", rune(format[i])) {
			return false
		}
	}
	return true
}

// wholeSeconds reports whether unixepoch gives an integer, which it does unless it is
// asked for fractions.
func wholeSeconds(args []expr) bool {
	for i, arg := range args {
		if i > 0 && !arg.literal || strings.Contains(strings.ToLower(arg.text), "subsec") {
			return false
		}
	}
	return true
}
