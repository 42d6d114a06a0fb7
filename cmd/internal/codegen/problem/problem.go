// Package problem holds what the generator has to say about its input: each
// message with the place it is about, all of them at once and in a fixed order.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one message about one line of one file.
type Problem struct {
	File    string // relative to the folder of sqlc.yaml, with slashes
	Line    int    // from 1; 0 when the message is about the whole file
	Message string // what is wrong and what to do next
}

func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// List collects problems. The zero value is an empty list.
type List struct {
	problems []Problem
}

// Add appends one problem.
func (l *List) Add(file string, line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{File: file, Line: line, Message: fmt.Sprintf(format, args...)})
}

// Append appends the problems of another list.
func (l *List) Append(other List) {
	l.problems = append(l.problems, other.problems...)
}

// Len returns the number of problems collected so far, duplicates included.
func (l *List) Len() int { return len(l.problems) }

// Sorted returns the problems by file and line, each once.
func (l *List) Sorted() []Problem {
	sorted := slices.Clone(l.problems)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(sorted)
}

// Err returns nil when the list is empty, and an [*Error] otherwise.
func (l *List) Err() error {
	if len(l.problems) == 0 {
		return nil
	}
	return &Error{Problems: l.Sorted()}
}

// Error is returned when the input has problems; nothing was written then.
type Error struct {
	Problems []Problem
}

// Error returns one line a problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
