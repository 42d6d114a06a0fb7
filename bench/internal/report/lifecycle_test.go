package report

import (
	"strings"
	"testing"

	"github.com/silokit/silo/bench/internal/cycle"
	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

func TestTheLifecyclesDocumentSaysWhichFiguresAreReached(t *testing.T) {
	l := Lifecycle{
		Head: Head{Command: "make it", Rounds: measure.Rounds{Count: 3, Scale: 1}},
		Tables: map[string]operate.Table{
			"create": {ID: "create", Order: []string{cycle.Silo, cycle.Goose}, Rows: []operate.Row{
				{ID: "one", Title: "create one", Samples: map[string][]measure.Sample{cycle.Silo: took(1e6), cycle.Goose: took(7e6)}},
			}},
			"backup": {ID: "backup", Order: []string{cycle.Silo}, Rows: []operate.Row{
				{ID: "small", Title: "back up", Samples: map[string][]measure.Sample{cycle.Silo: took(1e6)}},
			}},
		},
		Few:  []fleets.Fleet{{Tenants: 1000, Peak: 100 << 20, Files: 50}},
		Many: []fleets.Fleet{{Tenants: 10_000, Peak: 130 << 20, Files: 51}},
	}
	var got strings.Builder
	l.Write(&got)
	for _, want := range []string{
		"| create, the rate of goose with WAL and synchronous NORMAL | ≥ 5× | 7.00× | yes |",
		"| back up small tenants, the rate of the shell's loop | ≥ 2× | – | – |",
		"| peak memory of the larger fleet, of the smaller's | ≤ 1.2× | 1.30× | **no** |",
		"| peak memory | 100 MB | 130 MB |",
		"skipped: SQLite's shell",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("it has no %q:\n%s", want, got.String())
		}
	}
	if strings.Contains(got.String(), "short run") || strings.Contains(got.String(), "Writing while") {
		t.Errorf("it says what was not:\n%s", got.String())
	}
}
