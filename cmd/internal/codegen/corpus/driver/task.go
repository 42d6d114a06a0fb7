package driver

import (
	"fmt"
	"strings"
)

// Task is what to run of a unit.
type Task struct {
	Package string // that the unit's code is registered under
	Queries []Query
	// Overridden are the columns of which the project chose the Go types, so that they
	// may hold what their declarations do not say.
	Overridden []Override
}

// Override is what an entry of a project's overrides is about: a column, as
// table.column, or all columns of a declared type.
type Override struct {
	Column string `json:",omitempty"`
	Type   string `json:",omitempty"`
}

// Query is one generated method, and its SQL by hand.
type Query struct {
	Name, Command string
	Statement     Statement
	// Promised says that the author has promised what a column holds, which rows and
	// arguments that are drawn may not keep.
	Promised bool
}

// Statement is SQL cut at its parameters.
type Statement struct {
	Parts  []Part
	Params []Param // by number, from 1
}

// Part is text, or else the place of a parameter.
type Part struct {
	Text  string `json:",omitempty"`
	Param int    `json:",omitempty"`
}

// Param is a parameter.
type Param struct {
	Name string `json:",omitempty"`
	Kind Kind   `json:",omitempty"`
}

// Kind says what a parameter stands for.
type Kind int

// The kinds of parameters.
const (
	Scalar Kind = iota
	List        // any number of values, as in IN (…)
)

// Verdict is what became of a query.
type Verdict struct {
	Package, Query string
	// Draws counts the runs that were compared.
	Draws int
	// Rows counts the rows that were compared in them.
	Rows int
	// Never is the error with which the query failed each time, by hand too; empty when
	// it succeeded once.
	Never string `json:",omitempty"`
	// Wrong says how the query differs from its SQL; empty when it does not.
	Wrong string `json:",omitempty"`
	// Skipped says why the query cannot be compared.
	Skipped string `json:",omitempty"`
}

// sql returns the statement for arguments, and the arguments in the order of their
// numbers there. A list takes as many places as it has elements, behind all others.
func (s Statement) sql(values [][]any) (string, []any) {
	args := make([]any, len(s.Params))
	first := make([]int, len(s.Params))
	for n, param := range s.Params {
		if param.Kind != List {
			args[n] = values[n][0]
		}
	}
	for n, param := range s.Params {
		if param.Kind == List {
			first[n] = len(args) + 1
			args = append(args, values[n]...)
		}
	}
	var text strings.Builder
	for _, part := range s.Parts {
		n := part.Param - 1
		switch {
		case n < 0:
			text.WriteString(part.Text)
		case s.Params[n].Kind != List:
			fmt.Fprintf(&text, "?%d", n+1)
		default:
			for i := range values[n] {
				if i > 0 {
					text.WriteByte(',')
				}
				fmt.Fprintf(&text, "?%d", first[n]+i)
			}
		}
	}
	return text.String(), args
}

// mentions reports whether the text has one of the words.
func (s Statement) mentions(words ...string) bool {
	for _, part := range s.Parts {
		for _, word := range words {
			if strings.Contains(strings.ToLower(part.Text), word) {
				return true
			}
		}
	}
	return false
}
