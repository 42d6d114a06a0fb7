package corpus

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Report is what became of a corpus.
type Report struct {
	Units   []UnitReport `json:"units"`
	Queries []*Query     `json:"queries"`
	Skipped []Skipped    `json:"skipped"`
	// Failures are those of this program, for which the report is not whole.
	Failures []string `json:"failures,omitempty"`
	Totals   Totals   `json:"totals"`
}

// UnitReport is what is to say about a unit as a whole.
type UnitReport struct {
	Name  string   `json:"unit"`
	Notes []string `json:"notes,omitempty"`
}

// Totals counts queries.
type Totals struct {
	Units   int `json:"units"`
	Queries int `json:"queries"`
	Handled int `json:"handled"` // by plain sqlc
	// Good counts those of Handled that Silo accepts and Go compiles.
	Good  int     `json:"good"`
	Ratio float64 `json:"ratio"` // Good of Handled
	// Runnable counts those of Handled that SQLite itself would have run.
	Runnable int `json:"runnable"`
	// More counts what Silo accepts and plain sqlc does not.
	More    int           `json:"more"`
	Classes map[Class]int `json:"classes"`
	// RefusedOptions counts the options and entries of overrides that Silo refuses, and
	// that were left out for that.
	RefusedOptions int `json:"refused_options"`
}

// fail notes that a step of this program failed.
func (r *Report) fail(err error) {
	if err != nil {
		r.Failures = append(r.Failures, err.Error())
	}
}

func (r *Report) add(t *trial) {
	r.Units = append(r.Units, UnitReport{Name: t.unit.Name, Notes: t.unit.Notes})
	r.Queries = append(r.Queries, t.queries...)
	if r.Totals.Classes == nil {
		r.Totals.Classes = map[Class]int{}
	}
	r.Totals.Units++
	r.Totals.RefusedOptions += t.unit.refusedOptions
	for _, q := range t.queries {
		r.Totals.Queries++
		if q.Handled && q.Runnable {
			r.Totals.Runnable++
		}
		r.Totals.Classes[q.Class]++
		good := q.Class != Refused && q.Class != NotCompiling && q.Class != NotTried
		switch {
		case q.Handled && good:
			r.Totals.Good++
			r.Totals.Handled++
		case q.Handled:
			r.Totals.Handled++
		case good:
			r.Totals.More++
		}
	}
	if r.Totals.Handled > 0 {
		r.Totals.Ratio = float64(r.Totals.Good) / float64(r.Totals.Handled)
	}
}

// Sound reports whether all that was generated compiles and does what its SQL says.
func (r *Report) Sound() bool {
	return len(r.Failures) == 0 && r.Totals.Classes[NotTried] == 0 && r.Totals.Classes[Wrong] == 0 && r.Totals.Classes[NotCompiling] == 0
}

// Print writes a line for each query that was not accepted, and the totals.
func (r *Report) Print(w io.Writer) {
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "%s: skipped: %s\n", s.Path, s.Reason)
	}
	for _, u := range r.Units {
		for _, note := range u.Notes {
			fmt.Fprintf(w, "%s: %s\n", u.Name, note)
		}
	}
	for _, q := range r.Queries {
		if q.Class == Accepted {
			continue
		}
		plain := ""
		if !q.Handled {
			plain = ", as by plain sqlc"
			if q.Class != Refused {
				plain = ", not handled by plain sqlc"
			}
		}
		fmt.Fprintf(w, "%s:%d: %s %s: %s%s: %s\n", q.File, q.Line, q.Name, q.Command, q.Class, plain, q.Reason)
	}
	t := r.Totals
	fmt.Fprintf(w, "\n%d units, %d queries, of which plain sqlc handles %d\n", t.Units, t.Queries, t.Handled)
	for _, class := range []Class{Accepted, Never, NotComparable, Refused, NotCompiling, Wrong, NotTried} {
		fmt.Fprintf(w, "  %-15s %5d\n", class, t.Classes[class])
	}
	fmt.Fprintf(w, "accepted and compiling of what plain sqlc handles: %d of %d, %.2f %%; beyond that: %d\n", t.Good, t.Handled, 100*t.Ratio, t.More)
	if t.Runnable > 0 {
		fmt.Fprintf(w, "of those that SQLite runs without Silo: %d of %d, %.2f %%\n", t.Good, t.Runnable, 100*float64(t.Good)/float64(t.Runnable))
	}
	if t.RefusedOptions > 0 {
		fmt.Fprintf(w, "options and overrides left out, because Silo refuses them: %d\n", t.RefusedOptions)
	}
	for _, failure := range r.Failures {
		fmt.Fprintf(w, "this report is not whole: %s\n", failure)
	}
}

// Reasons returns for how many queries each reason was given, most often first.
func (r *Report) Reasons() []Reason {
	counts := map[string]*Reason{}
	for _, q := range r.Queries {
		if q.Class == Accepted || q.Class == NotComparable || q.Class == Never {
			continue
		}
		for _, text := range general(q) {
			text = string(q.Class) + ": " + text
			if counts[text] == nil {
				counts[text] = &Reason{Text: text}
			}
			counts[text].add(q)
		}
	}
	var all []Reason
	for _, reason := range counts {
		all = append(all, *reason)
	}
	slices.SortFunc(all, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Handled, a.Handled), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return all
}

// Reason is a reason without the names in it.
type Reason struct {
	Text           string
	Count, Handled int
	Examples       []string
}

func (r *Reason) add(q *Query) {
	r.Count++
	if q.Handled {
		r.Handled++
	}
	if len(r.Examples) < 3 {
		r.Examples = append(r.Examples, fmt.Sprintf("%s:%d %s: %s", q.File, q.Line, q.Name, q.Reason))
	}
}

// PrintReasons writes the reasons by frequency, with examples.
func (r *Report) PrintReasons(w io.Writer) {
	for _, reason := range r.Reasons() {
		fmt.Fprintf(w, "%4d (%d handled by plain sqlc)  %s\n", reason.Count, reason.Handled, reason.Text)
		for _, example := range reason.Examples {
			fmt.Fprintf(w, "        %s\n", example)
		}
	}
}
