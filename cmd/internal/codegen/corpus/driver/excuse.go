package driver

import (
	"math"
	"regexp"
	"strings"
)

var (
	randomWords    = regexp.MustCompile(`(?i)\brandom(blob)?\s*\(`)
	returningWords = regexp.MustCompile(`(?i)\breturning\b`)
)

// byChance reports whether two runs of a statement give other values: it asks for
// random ones, or returns what a default made by chance.
func (u *unit) byChance(s Statement) bool {
	text := s.text()
	if randomWords.MatchString(text) {
		return true
	}
	if !returningWords.MatchString(text) {
		return false
	}
	for _, t := range u.tables {
		for _, c := range t.columns {
			if randomWords.MatchString(c.fallback) && s.mentions(strings.ToLower(t.name)) {
				return true
			}
		}
	}
	return false
}

// overflowed reports whether a value is what SQLite makes of whole numbers whose sum or
// product is no int64: a REAL, which generated code does not read as a whole number. None
// so large is drawn.
func overflowed(rows [][]any) bool {
	for _, row := range rows {
		for _, value := range row {
			if f, ok := value.(float64); ok && math.Abs(f) >= 1<<63 {
				return true
			}
		}
	}
	return false
}

// text is the statement without its parameters.
func (s Statement) text() string {
	var text strings.Builder
	for _, part := range s.Parts {
		text.WriteString(part.Text)
		text.WriteByte(' ')
	}
	return text.String()
}

// overridden reports whether an error is about a value of a column for which the
// project chose the Go type.
func (u *unit) overridden(s *Session, err error) bool {
	if err == nil || len(u.task.Overridden) == 0 {
		return false
	}
	name, ok := s.Mismatch(err)
	if !ok {
		return false
	}
	if name == "" { // an argument, whose type is of its own accord no other
		return true
	}
	for _, o := range u.task.Overridden {
		if _, column, found := strings.Cut(o.Column, "."); found && (column == "*" || strings.EqualFold(column[strings.LastIndexByte(column, '.')+1:], name)) {
			return true
		}
		if o.Type != "" && u.declared(name, o.Type) {
			return true
		}
	}
	return false
}

// declared reports whether a column of a name has a declared type in any table.
func (u *unit) declared(name, kind string) bool {
	for _, t := range u.tables {
		for _, c := range t.columns {
			if strings.EqualFold(c.name, name) && strings.EqualFold(c.declared, kind) {
				return true
			}
		}
	}
	return false
}
