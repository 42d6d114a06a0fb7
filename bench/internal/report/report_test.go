package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// took is samples that took so many nanoseconds each.
func took(ns ...float64) (samples []measure.Sample) {
	for _, n := range ns {
		samples = append(samples, measure.Sample{Wall: n, CPU: 2 * n, Bytes: 64, Allocs: 3})
	}
	return samples
}

func pointTable(id string, silo, sqlc float64) operate.Table {
	return operate.Table{
		ID: id, Order: []string{"silo", "sqlc"},
		Rows: []operate.Row{{ID: "point", Title: "point read", Samples: map[string][]measure.Sample{"silo": took(silo), "sqlc": took(sqlc)}}},
	}
}

func TestNumbersHaveThreeDigits(t *testing.T) {
	tests := []struct{ got, want string }{
		{duration(12), "12.0 ns"},
		{duration(999), "999 ns"},
		{duration(1234), "1.23 µs"},
		{duration(45_678), "45.7 µs"},
		{duration(1_500_000), "1.50 ms"},
		{duration(2e9), "2.00 s"},
		{duration(math.NaN()), "–"},
		{times(9.999), "10.0×"},
		{times(99.99), "100×"},
		{times(math.NaN()), "–"},
		{kilobytes(205 * 1024), "205 KB"},
		{number(3.6), "4"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestTableOfRatios(t *testing.T) {
	var got strings.Builder
	writeRatios(&got, pointTable("product", 1000, 5500))
	want := "|  | silo | sqlc |\n| - | -: | -: |\n| point read | 1.00 µs | 5.50× |\n\n"
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func TestDetailsLeaveOutWhoDidNotTakePart(t *testing.T) {
	table := pointTable("product", 1000, 5500)
	table.Order = append(table.Order, "mattn")
	var got strings.Builder
	writeDetails(&got, table)
	if strings.Contains(got.String(), "mattn") {
		t.Errorf("mattn has no samples, but a line:\n%s", got.String())
	}
	if line := "|  | sqlc | 5.50 µs | 5.50 µs | 5.50 µs | 11.0 µs | 64 | 3 | 5.50× | 5.50× |"; !strings.Contains(got.String(), line) {
		t.Errorf("got\n%s\nwithout the line\n%s", got.String(), line)
	}
}

func TestBounds(t *testing.T) {
	tests := []struct {
		bound bound
		n     float64
		want  bool
		text  string
	}{
		{atLeast(5), 5, true, "≥ 5"},
		{atLeast(5), 4.99, false, "≥ 5"},
		{atMost(1.15), 1.15, true, "≤ 1.15"},
		{atMost(1.15), 1.16, false, "≤ 1.15"},
		{atLeast(0.8), math.NaN(), false, "≥ 0.8"},
	}
	for _, test := range tests {
		if got := test.bound.reached(test.n); got != test.want {
			t.Errorf("%v reached by %v: %v", test.bound, test.n, got)
		}
		if got := test.bound.String(); got != test.text {
			t.Errorf("bound %q, want %q", got, test.text)
		}
	}
}

func TestFiguresSayWhatIsReached(t *testing.T) {
	tests := []struct {
		name           string
		product, fleet float64 // sqlc's time; silo's is 1000 ns
		want           string
	}{
		{"both", 5500, 6000, "| point read, faster than sqlc | ≥ 5× | 5.50× | 6.00× | yes | 5.50× | 6.00× |"},
		{"one", 5500, 4000, "| point read, faster than sqlc | ≥ 5× | 5.50× | 4.00× | **no** | 5.50× | 4.00× |"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got strings.Builder
			writeFigures(&got, map[string]operate.Table{"product": pointTable("product", 1000, test.product), "fleet": pointTable("fleet", 1000, test.fleet)})
			if !strings.Contains(got.String(), test.want+"\n") {
				t.Errorf("got\n%s\nwithout the line\n%s", got.String(), test.want)
			}
		})
	}
}

func TestFiguresThatWereNotMeasuredAreNotReached(t *testing.T) {
	var got strings.Builder
	writeFigures(&got, map[string]operate.Table{})
	for line := range strings.Lines(got.String()) {
		if strings.Contains(line, "| yes |") || strings.Contains(line, "NaN") {
			t.Errorf("of nothing measured: %s", line)
		}
	}
}

func TestWorstIsTheOperationWhereSiloTakesMost(t *testing.T) {
	row := func(id string, silo, zombiezen float64) operate.Row {
		return operate.Row{ID: id, Samples: map[string][]measure.Sample{"silo": took(silo), "zombiezen": took(zombiezen)}}
	}
	table := operate.Table{Rows: []operate.Row{row("a", 10, 20), row("b", 30, 20), row("c", 10, 10), row("request", 90, 10)}}
	if got := worst(table); got != 1.5 {
		t.Errorf("worst = %v, want 1.5", got)
	}
}

func TestRoutingTakesTheSlowestOfTheWholeWay(t *testing.T) {
	row := func(id string, ns float64) operate.Row {
		return operate.Row{ID: id, Samples: map[string][]measure.Sample{"silo": took(ns)}}
	}
	cache := operate.Table{Rows: []operate.Row{row("acquireopen", 40)}}
	both := operate.Table{Rows: []operate.Row{row("acquireopen", 90), row("routing/tenants=1", 40), row("routing/tenants=1000", 55)}}
	if got := routing(cache); got != nil {
		t.Errorf("of the cache alone: %v, want none", got)
	}
	if got := routing(both)[0].Wall; got != 55 {
		t.Errorf("of both: %v, want 55", got)
	}
}

func TestReportIsWholeWithoutOptionalParts(t *testing.T) {
	var got bytes.Buffer
	Report{
		Command: "make bench", Date: "today", Facts: [][2]string{{"Go", "go1.26"}},
		Contenders: []contend.Contender{contend.Silo, contend.Stock}, Skipped: []string{"mattn, C: no gcc"},
		Rounds: measure.Rounds{Count: 1, Scale: 0.3}, Tables: map[string]operate.Table{"product": pointTable("product", 1000, 5500)},
	}.Write(&got)
	for _, want := range []string{"`make bench`", "| Go | go1.26 |", "skipped: mattn, C: no gcc", "short run", "| point read | 1.00 µs | 5.50× |", "## Where a file per tenant loses"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("the report does not contain %q:\n%s", want, got.String())
		}
	}
	if strings.Contains(got.String(), "NaN") {
		t.Errorf("the report contains NaN:\n%s", got.String())
	}
}
