package differential

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/corpus"
)

// sums counts what was tried.
type sums struct {
	projects, queries, runs, rows int
	classes                       map[corpus.Class]int
	commands                      map[string]int
	reasons                       map[string]int
}

func newSums() *sums {
	return &sums{classes: map[corpus.Class]int{}, commands: map[string]int{}, reasons: map[string]int{}}
}

func (s *sums) add(report *corpus.Report) {
	s.projects += report.Totals.Units
	for _, q := range report.Queries {
		s.queries++
		s.runs += q.Draws
		s.rows += q.Rows
		s.classes[q.Class]++
		if q.Class == corpus.Accepted {
			s.commands[q.Command]++
		}
	}
	for _, reason := range report.Reasons() {
		s.reasons[reason.Text] += reason.Count
	}
	for _, q := range report.Queries {
		if q.Class == corpus.NotComparable {
			s.reasons[string(q.Class)+": "+q.Command+": "+q.Reason]++
		}
	}
}

// log prints the sums, which go test shows with -v.
func (s *sums) log(t *testing.T) {
	t.Logf("%d projects, %d queries, %d runs of each by hand and generated, %d rows compared", s.projects, s.queries, s.runs, s.rows)
	for _, class := range slices.Sorted(maps.Keys(s.classes)) {
		t.Logf("%-15s %5d", class, s.classes[class])
	}
	for _, command := range slices.Sorted(maps.Keys(s.commands)) {
		t.Logf("accepted %-15s %5d", command, s.commands[command])
	}
	reasons := slices.SortedFunc(maps.Keys(s.reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.reasons[b], s.reasons[a]), cmp.Compare(a, b))
	})
	for _, reason := range reasons {
		t.Logf("%5d  %s", s.reasons[reason], reason)
	}
}
