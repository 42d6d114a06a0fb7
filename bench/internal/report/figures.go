package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// figure is one that is required, and how it is got from what was measured.
type figure struct {
	what  string
	bound bound
	unit  string // after the number
	get   func(operate.Table) float64
	cpu   func(operate.Table) float64 // the same of processor time, where there is such
	in    []string                    // the IDs of the tables that it is got from
}

// bound is what a figure must be: at least or at most a number.
type bound struct {
	least bool
	of    float64
}

func atLeast(n float64) bound { return bound{true, n} }

func atMost(n float64) bound { return bound{false, n} }

// reached reports whether a number is within the bound; of no number it is not.
func (b bound) reached(n float64) bool {
	if b.least {
		return n >= b.of
	}
	return n <= b.of
}

func (b bound) String() string {
	if b.least {
		return "≥ " + short(b.of)
	}
	return "≤ " + short(b.of)
}

func short(n float64) string { return fmt.Sprintf("%g", n) }

var bothSchemas = []string{string(contend.Product), string(contend.Fleet)}

// faster is by how many times silo is faster than another at an operation.
func faster(row, than string) func(operate.Table) float64 {
	return func(t operate.Table) float64 {
		samples := t.Row(row).Samples
		return measure.Ratio(samples[than], samples[base])
	}
}

// lessCPU is faster of processor time.
func lessCPU(row, than string) func(operate.Table) float64 {
	return func(t operate.Table) float64 {
		samples := t.Row(row).Samples
		return measure.RatioCPU(samples[than], samples[base])
	}
}

// slower is how many times another's time silo takes.
func slower(row, than string) func(operate.Table) float64 {
	return func(t operate.Table) float64 {
		samples := t.Row(row).Samples
		return measure.Ratio(samples[base], samples[than])
	}
}

// moreCPU is slower of processor time.
func moreCPU(row, than string) func(operate.Table) float64 {
	return func(t operate.Table) float64 {
		samples := t.Row(row).Samples
		return measure.RatioCPU(samples[base], samples[than])
	}
}

// required returns the figures that are to be reached.
func required() (figures []figure) {
	stock, mattn := contend.Stock.Name, "mattn"
	for _, f := range []struct {
		what, row    string
		stock, mattn float64
	}{
		{"point read", "point", 5, 1.1},
		{"point read, warm (one write in 100 reads)", "warm100", 15, 4},
		{"point read, warm (one write in 1,000 reads)", "warm1000", 15, 4},
		{"100 rows", "list100", 3.2, 2},
		{"LIMIT that varies", "varying", 4, 1.5},
		{"transaction of 100 inserts", "tx100", 2.8, 1},
		{"insert", "insert", 1.8, 0.8},
		{"update", "update", 1.8, 0.8},
	} {
		figures = append(figures,
			figure{f.what + ", faster than sqlc", atLeast(f.stock), "×", faster(f.row, stock), lessCPU(f.row, stock), bothSchemas},
			figure{f.what + ", faster than mattn", atLeast(f.mattn), "×", faster(f.row, mattn), lessCPU(f.row, mattn), bothSchemas},
		)
	}
	return append(figures,
		figure{"point read, less CPU than sqlc", atLeast(6), "×", lessCPU("point", stock), nil, bothSchemas},
		figure{"point read, time of C's", atMost(1.6), "×", slower("point", "C"), moreCPU("point", "C"), bothSchemas},
		figure{"point read, warm (1 in 100), time of C's", atMost(0.5), "×", slower("warm100", "C"), moreCPU("warm100", "C"), bothSchemas},
		figure{"100 rows, time of C's", atMost(3), "×", slower("list100", "C"), moreCPU("list100", "C"), bothSchemas},
		figure{"worst operation, time of zombiezen's", atMost(1.15), "×", worst, worstCPU, bothSchemas},
		figure{"allocations, point read of 3 text columns (product: and a time)", atMost(4), "", func(t operate.Table) float64 {
			row := "point"
			if t.ID == string(contend.Fleet) {
				row = "text"
			}
			return math.Floor(measure.Summarize(t.Row(row).Samples[base]).Allocs) // as package testing does
		}, nil, bothSchemas},
		figure{"open again and read, cheaper than zombiezen (SQLite's defaults)", atLeast(3), "×", faster("reopen", contend.Zombiezen.Name), lessCPU("reopen", contend.Zombiezen.Name), []string{"opening"}},
		figure{"open many again in one go and read, cheaper than zombiezen (SQLite's defaults)", atLeast(3), "×", faster("storm", contend.Zombiezen.Name), lessCPU("storm", contend.Zombiezen.Name), []string{"opening"}},
		figure{"open again and update, cheaper than zombiezen (SQLite's defaults)", atLeast(3), "×", faster("rewrite", contend.Zombiezen.Name), lessCPU("rewrite", contend.Zombiezen.Name), []string{"opening"}},
		figure{"create, cheaper than goose's migrations", atLeast(5), "×", faster("create", stock), lessCPU("create", stock), []string{"opening"}},
		figure{"idle tenant, ten statements", atMost(210), " KB", func(t operate.Table) float64 {
			return measure.Summarize(t.Row("read idle").Samples[base]).Wall / 1024
		}, nil, []string{"memory"}},
		figure{"routing", atMost(60), " ns", func(t operate.Table) float64 { return measure.Summarize(routing(t)).Wall }, nil, []string{"routing"}},
		figure{"routing, allocations", atMost(0), "", func(t operate.Table) float64 { return measure.Summarize(routing(t)).Allocs }, nil, []string{"routing"}},
	)
}

// worst is the most that silo takes of zombiezen's time at any operation, looking the
// tenant up apart: zombiezen has no tenants.
func worst(t operate.Table) float64 { return most(t, slower) }

// worstCPU is worst of processor time.
func worstCPU(t operate.Table) float64 { return most(t, moreCPU) }

func most(t operate.Table, of func(row, than string) func(operate.Table) float64) float64 {
	most := math.NaN()
	for _, row := range t.Rows {
		ratio := of(row.ID, contend.Zombiezen.Name)(t)
		if row.ID != "request" && (math.IsNaN(most) || ratio > most) {
			most = ratio
		}
	}
	return most
}

// routing returns the samples of the slowest way from a context to the leased file, of
// one tenant or of many.
func routing(t operate.Table) (slowest []measure.Sample) {
	for _, row := range t.Rows {
		samples := row.Samples[base]
		if strings.HasPrefix(row.ID, "routing") && (slowest == nil || measure.Summarize(samples).Wall > measure.Summarize(slowest).Wall) {
			slowest = samples
		}
	}
	return slowest
}

// writeFigures writes what is required, what was measured, and whether that is enough.
func writeFigures(w io.Writer, tables map[string]operate.Table) {
	var lines [][]string
	for _, f := range required() {
		lines = append(lines, f.line(tables))
	}
	writeTable(w, []string{"", "required", "product", "fleet", "reached", "CPU product", "CPU fleet"}, lines)
}

// line is a figure's line. Of those that are of no schema the column is the first.
func (f figure) line(tables map[string]operate.Table) []string {
	wall, cpu := []string{"", ""}, []string{"", ""}
	verdict := "yes"
	for column, id := range f.in {
		n := f.get(tables[id])
		wall[column] = digits(n) + f.unit
		switch {
		case math.IsNaN(n):
			wall[column], verdict = "not measured", "–"
		case verdict == "yes" && !f.bound.reached(n):
			verdict = "**no**"
		}
		if f.cpu != nil && !math.IsNaN(n) {
			cpu[column] = digits(f.cpu(tables[id])) + f.unit
		}
	}
	return []string{f.what, f.bound.String() + f.unit, wall[0], wall[1], verdict, cpu[0], cpu[1]}
}

// requirement is a figure that one run of a program must reach, and what it was.
type requirement struct {
	what  string
	bound bound
	unit  string // after the number
	got   float64
}

// writeRequirements writes what is required and what was measured.
func writeRequirements(w io.Writer, about string, of ...requirement) {
	var lines [][]string
	for _, r := range of {
		got, verdict := digits(r.got)+r.unit, "yes"
		switch {
		case math.IsNaN(r.got):
			got, verdict = "–", "–"
		case !r.bound.reached(r.got):
			verdict = "**no**"
		}
		lines = append(lines, []string{r.what, r.bound.String() + r.unit, got, verdict})
	}
	fmt.Fprintf(w, "## Required figures\n\n%s", about)
	writeTable(w, []string{"", "required", "measured", "reached"}, lines)
}
