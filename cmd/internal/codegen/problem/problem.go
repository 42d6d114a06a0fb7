// Package problem holds what the generator has to say about its input: each
// message with the place it is about, all of them at once and in a fixed order.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a problem keeps from being done.
type Severity int

// An Error keeps everything from being written, a Warning nothing.
const (
	Error Severity = iota
	Warning
)

// String returns error or warning.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText writes the severity into JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "error":
		*s = Error
	case "warning":
		*s = Warning
	default:
		return fmt.Errorf("problem: %q is no severity", text)
	}
	return nil
}

// Problem is one message about one place of one file.
type Problem struct {
	File     string   `json:"file"`             // relative to the folder of sqlc.yaml, with slashes
	Line     int      `json:"line,omitempty"`   // from 1; 0 when the message is about the whole file
	Column   int      `json:"column,omitempty"` // from 1, in bytes; 0 when it is about the whole line
	Severity Severity `json:"severity"`
	Query    string   `json:"query,omitempty"` // the query's name, if it is about one
	Message  string   `json:"message"`         // what is wrong and what to do next

	Queries []string `json:"queries,omitempty"` // the names of those that it is about, elsewhere than in them
}

// Place is file:line:column, as far as it is known.
func (p Problem) Place() string {
	place := p.File
	if p.Line > 0 {
		place += fmt.Sprintf(":%d", p.Line)
		if p.Column > 0 {
			place += fmt.Sprintf(":%d", p.Column)
		}
	}
	return place
}

// Text is the message with the query's name in front.
func (p Problem) Text() string {
	if p.Query == "" {
		return p.Message
	}
	return "query " + p.Query + ": " + p.Message
}

// String is the place and the text, and that it is only a warning if so.
func (p Problem) String() string {
	if p.Severity == Warning {
		return p.Place() + ": warning: " + p.Text()
	}
	return p.Place() + ": " + p.Text()
}

// List collects problems. The zero value is an empty list.
type List struct {
	problems []Problem
}

// Add appends an error about a line.
func (l *List) Add(file string, line int, format string, args ...any) {
	l.AddAt(file, line, 0, format, args...)
}

// AddAt appends an error about a place.
func (l *List) AddAt(file string, line, column int, format string, args ...any) {
	l.Put(Problem{File: file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

// Warn appends a warning about a line.
func (l *List) Warn(file string, line int, format string, args ...any) {
	l.WarnAt(file, line, 0, format, args...)
}

// WarnAt appends a warning about a place.
func (l *List) WarnAt(file string, line, column int, format string, args ...any) {
	l.Put(Problem{File: file, Line: line, Column: column, Severity: Warning, Message: fmt.Sprintf(format, args...)})
}

// Put appends a problem.
func (l *List) Put(p Problem) { l.problems = append(l.problems, p) }

// Append appends the problems of another list.
func (l *List) Append(other List) {
	l.problems = append(l.problems, other.problems...)
}

// Len returns the number of errors collected so far, duplicates included.
func (l *List) Len() int {
	errors := 0
	for _, p := range l.problems {
		if p.Severity == Error {
			errors++
		}
	}
	return errors
}

// Strict makes errors of the warnings.
func (l *List) Strict() {
	for i := range l.problems {
		l.problems[i].Severity = Error
	}
}

// Sorted returns the problems by place, each once.
func (l *List) Sorted() []Problem {
	sorted := slices.Clone(l.problems)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Query, b.Query), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(sorted, func(a, b Problem) bool { return a.String() == b.String() })
}

// Warnings returns the problems that keep nothing from being written, by place.
func (l *List) Warnings() []Problem {
	return slices.DeleteFunc(l.Sorted(), func(p Problem) bool { return p.Severity == Error })
}

// Err returns nil when there is no error in the list, and an [*Found] with all
// problems otherwise.
func (l *List) Err() error {
	if l.Len() == 0 {
		return nil
	}
	return &Found{Problems: l.Sorted()}
}

// Found is returned when the input has errors; nothing was written then. The warnings
// are among its problems.
type Found struct {
	Problems []Problem
}

// Error returns one line a problem.
func (e *Found) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
