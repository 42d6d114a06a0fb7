package report

import (
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/many"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

func TestTheFleetsDocumentSaysWhichFiguresAreReached(t *testing.T) {
	f := Fleet{
		Head: Head{Command: "make it", Rounds: measure.Rounds{Count: 3, Scale: 1}}, Goose: true,
		Tables: map[string]operate.Table{
			"migrate": {ID: "migrate", Order: []string{many.Silo, many.Goose}, Rows: []operate.Row{
				{ID: "three", Title: "migrate", Samples: map[string][]measure.Sample{many.Silo: took(1e6), many.Goose: took(7e6)}},
			}},
			"ask": {ID: "ask", Order: []string{many.Silo}, Rows: []operate.Row{
				{ID: "open", Title: "ask", Samples: map[string][]measure.Sample{many.Silo: took(50e6)}},
			}},
		},
		Few:  []fleets.Fleet{{Tenants: 1000, Peak: 100 << 20, Files: 50, Took: map[string]time.Duration{many.StepMigrate: 2e9}, P99: 5e6}},
		Many: []fleets.Fleet{{Tenants: 10_000, Peak: 110 << 20, Files: 51, Took: map[string]time.Duration{many.StepMigrate: 20e9}, P99: 6e6}},
	}
	var got strings.Builder
	f.Write(&got)
	for _, want := range []string{
		"| migrate all, the rate of goose's command for each file | ≥ 5× | 7.00× | yes |",
		"| ask 200 open tenants | ≤ 45 ms | 50.0 ms | **no** |",
		"| peak memory of the larger fleet, of the smaller's | ≤ 1.2× | 1.10× | yes |",
		"| migrate, tenants a second | 500 | 500 |",
		"| migrate, 99 of 100 tenants within | 5.00 ms | 6.00 ms |",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("it has no %q:\n%s", want, got.String())
		}
	}
	if strings.Contains(got.String(), "skipped") || strings.Contains(got.String(), "short run") {
		t.Errorf("it says what was not:\n%s", got.String())
	}
}
