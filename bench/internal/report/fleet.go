package report

import (
	"fmt"
	"io"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/many"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// Fleet is all that the document about work on many tenants says.
type Fleet struct {
	Head
	Tables    map[string]operate.Table
	Goose     bool // goose's command took part
	Few, Many []fleets.Fleet
}

// Write writes the document.
func (f Fleet) Write(w io.Writer) {
	f.Head.write(w, "Benchmarks of work on many tenants", "bench/fleet")
	fmt.Fprintf(w, "%d rounds. In each every contender has its turns, in an order that rotates; ratios are medians of the rounds' ratios. Other processes on the machine disturb times; "+
		"processor time, of the process and those that it starts, they disturb less.\n\n", f.Rounds.Count)
	if f.Rounds.Scale != 1 {
		fmt.Fprintf(w, "**This was a short run,** of fewer tenants.\n\n")
	}
	if _, ok := f.Tables["migrate"]; ok && !f.Goose {
		fmt.Fprintf(w, "- skipped: goose's command, which could not be built (`go install github.com/pressly/goose/v3/cmd/goose@%s`)\n\n", many.GooseVersion)
	}
	f.writeFigures(w)
	for _, s := range []section{
		{"migrate", "Migrating", migrateAbout},
		{"ask", "Asking", askAbout},
	} {
		if table, ok := f.Tables[s.id]; ok {
			fmt.Fprintf(w, "## %s\n\n%s Of silo the time, of the others how many times silo's they take.\n\n", s.title, s.about)
			writeRatios(w, table)
			writeSpread(w, table)
		}
	}
	took := func(step string) func(fleets.Fleet) float64 {
		return func(f fleets.Fleet) float64 { return float64(f.Took[step]) }
	}
	pair{f.Few, f.Many}.write(w, "migrates the tenants by the three migrations, asks the catalog how they stand, looks at all files, asks all of them one question, and opens each", "",
		fact{"migrate, tenants a second", func(f fleets.Fleet) float64 { return float64(f.Tenants) / f.Took[many.StepMigrate].Seconds() }, number},
		fact{"migrate, 99 of 100 tenants within", func(f fleets.Fleet) float64 { return float64(f.P99) }, duration},
		fact{"migrate all", took(many.StepMigrate), duration},
		fact{"status, as seen", took(many.StepStatus), duration},
		fact{"status, with a look at each file", took(many.StepVerify), duration},
		fact{"ask all", took(many.StepQuery), duration},
		fact{"open each", took(many.StepEach), duration},
	)
}

const migrateAbout = "Tenants of the reference application with a hundred rows each lack three small migrations: a column, an index, a table. Each time is of one tenant, all of them together being migrated in one go. " +
	"**silo** opens the folder, runs `fleet.Migrate` with its four workers, and closes the folder: the catalog records each tenant before it is changed and after that. " +
	"**goose's command** is `goose sqlite3 FILE up` for one file after the other, as people write the loop; **goose, in one process** is the same loop over its provider. " +
	"goose does not check foreign keys, and records no run; its migrations of a file are three transactions, silo's are one."

const askAbout = "The question is `SELECT count(*) FROM audit_log`, of a hundred rows a tenant; each time is of all tenants together. **silo** is `fleet.Query`, which prepares the text on each tenant; " +
	"**silo's Each** calls a generated query in `fleet.Each`; **a loop over database/sql** has a handle of one connection for each file, all of them open. " +
	"Of tenants that are not open, **opening alone** is `fleet.Each` with a function that does nothing."

// writeFigures writes what is required and what was measured.
func (f Fleet) writeFigures(w io.Writer) {
	migrated := f.Tables["migrate"].Row("three").Samples
	open := measure.Summarize(f.Tables["ask"].Row("open").Samples[base]).Wall
	var lines [][]string
	for _, figure := range []struct {
		what  string
		bound bound
		unit  string
		got   float64
	}{
		{"migrate all, the rate of goose's command for each file", atLeast(5), "×", measure.Ratio(migrated[many.Goose], migrated[base])},
		{"the same of processor time", atLeast(5), "×", measure.RatioCPU(migrated[many.Goose], migrated[base])},
		{"ask 200 open tenants", atMost(45), " ms", open / 1e6},
		{"peak memory of the larger fleet, of the smaller's", atMost(1.2), "×", pair{f.Few, f.Many}.grown()},
	} {
		verdict := "yes"
		switch {
		case figure.got != figure.got: //nolint:gocritic // it is no number
			verdict = "–"
		case !figure.bound.reached(figure.got):
			verdict = "**no**"
		}
		got := "–"
		if verdict != "–" {
			got = digits(figure.got) + figure.unit
		}
		lines = append(lines, []string{figure.what, figure.bound.String() + figure.unit, got, verdict})
	}
	fmt.Fprintf(w, "## Required figures\n\n")
	writeTable(w, []string{"", "required", "measured", "reached"}, lines)
}
