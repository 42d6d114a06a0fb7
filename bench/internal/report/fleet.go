package report

import (
	"fmt"
	"io"
	"time"

	"github.com/silokit/silo/bench/internal/many"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// Fleet is all that the document about work on many tenants says.
type Fleet struct {
	Command   string
	Date      string
	Facts     [][2]string
	Rounds    measure.Rounds
	Tables    map[string]operate.Table
	Goose     bool // goose's command took part
	Few, Many []many.Fleet
}

// Write writes the document.
func (f Fleet) Write(w io.Writer) {
	fmt.Fprintf(w, "# Benchmarks of work on many tenants\n\nWritten by `%s` on %s; do not edit. The program is [bench/fleet](../bench/fleet).\n\n", f.Command, f.Date)
	var lines [][]string
	for _, fact := range f.Facts {
		lines = append(lines, []string{fact[0], fact[1]})
	}
	writeTable(w, []string{"", ""}, lines)
	fmt.Fprintf(w, "%d rounds. In each every contender has its turns, in an order that rotates; ratios are medians of the rounds' ratios. Other processes on the machine disturb times; "+
		"processor time, of the process and those that it starts, they disturb less.\n\n", f.Rounds.Count)
	if f.Rounds.Scale != 1 {
		fmt.Fprintf(w, "**This was a short run,** of fewer tenants.\n\n")
	}
	if _, ok := f.Tables["migrate"]; ok && !f.Goose {
		fmt.Fprintf(w, "- skipped: goose's command, which could not be built (`go install github.com/pressly/goose/v3/cmd/goose@%s`)\n\n", many.GooseVersion())
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
	if len(f.Many) > 0 {
		f.writeFleets(w)
	}
}

const migrateAbout = "Tenants of the reference application with a hundred rows each lack three small migrations: a column, an index, a table. Each time is of one tenant, all of them together being migrated in one go. " +
	"**silo** opens the folder, runs `fleet.Migrate` with its four workers, and closes the folder: the catalog records each tenant before it is changed and after that. " +
	"**goose's command** is `goose sqlite3 FILE up` for one file after the other, as people write the loop; **goose, in one process** is the same loop over its provider. " +
	"goose does not check foreign keys, and records no run; its migrations of a file are three transactions, silo's are one."

const askAbout = "The question is `SELECT count(*) FROM audit_log`, of a hundred rows a tenant; each time is of all tenants together. **silo** is `fleet.Query`, which prepares the text on each tenant; " +
	"**silo's Each** calls a generated query in `fleet.Each`; **a loop over database/sql** has a handle of one connection for each file, all of them open. " +
	"Of tenants that are not open, **opening alone** is `fleet.Each` with a function that does nothing. " +
	"**The rollup's table** is `tenant_hourly_stats` of the global database, into which `fleet.Rollup` has summed up the tenants before, asked by a generated query that returns a row for each tenant."

// writeFigures writes what is required and what was measured.
func (f Fleet) writeFigures(w io.Writer) {
	migrated, ask := f.Tables["migrate"].Row("three").Samples, f.Tables["ask"]
	open, cold := ask.Row("open").Samples, ask.Row("cold").Samples
	milliseconds := func(samples []measure.Sample) float64 { return measure.Summarize(samples).Wall / 1e6 }
	var lines [][]string
	for _, figure := range []struct {
		what  string
		bound bound
		unit  string
		got   float64
	}{
		{"migrate all, the rate of goose's command for each file", atLeast(5), "×", measure.Ratio(migrated[many.Goose], migrated[base])},
		{"the same of processor time", atLeast(5), "×", measure.RatioCPU(migrated[many.Goose], migrated[base])},
		{"ask 200 open tenants", atMost(45), " ms", milliseconds(open[base])},
		{"the same question to the rollup's table", atMost(1), " ms", milliseconds(open[many.RolledUp])},
		{"ask tenants that are not open, of the time of opening them alone", atMost(1.2), "×", measure.Ratio(cold[base], cold[many.Opening])},
		{"the same of processor time", atMost(1.2), "×", measure.RatioCPU(cold[base], cold[many.Opening])},
		{"peak memory of the larger fleet, of the smaller's", atMost(1.2), "×", medianFleet(f.Many, peakOfFleet) / medianFleet(f.Few, peakOfFleet)},
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

func peakOfFleet(f many.Fleet) float64 { return float64(f.Peak) }

func medianFleet(fleets []many.Fleet, of func(many.Fleet) float64) float64 {
	var values []float64
	for _, f := range fleets {
		values = append(values, of(f))
	}
	return measure.Median(values)
}

func (f Fleet) writeFleets(w io.Writer) {
	how := "one process of each size"
	if n := len(f.Many); n > 1 {
		how = fmt.Sprintf("medians of %d of each size", n)
	}
	fmt.Fprintf(w, "## Many tenants\n\nA process of its own migrates the tenants by the three migrations, asks the catalog how they stand, looks at all files, asks all of them one question, opens each, "+
		"sums all up into `tenant_hourly_stats` of the global database, and asks that; %s. Memory is the most that was resident (VmHWM of proc(5), begun anew with each step); "+
		"descriptors are the most that were seen, looked for every 20 ms. Of work that does not say how long a tenant takes, that is from when there is a place for it until it is done.\n\n", how)
	sides := [][]many.Fleet{f.Few, f.Many}
	header, peak, files := []string{""}, []string{"peak memory"}, []string{"descriptors"}
	for _, side := range sides {
		header = append(header, fmt.Sprint(side[0].Tenants, " tenants"))
		peak = append(peak, megabytes(medianFleet(side, peakOfFleet)))
		files = append(files, number(medianFleet(side, func(f many.Fleet) float64 { return float64(f.Files) })))
	}
	writeTable(w, header, [][]string{peak, files})
	var lines [][]string
	for i, step := range f.Many[0].Steps {
		name := step.Name
		for _, side := range sides {
			of := func(get func(many.Step) float64) float64 {
				return medianFleet(side, func(f many.Fleet) float64 { return get(f.Steps[i]) })
			}
			took, p99 := of(func(s many.Step) float64 { return float64(s.Took) }), of(func(s many.Step) float64 { return float64(s.P99) })
			line := []string{name, fmt.Sprint(side[0].Tenants), duration(took), number(float64(side[0].Tenants) / took * float64(time.Second)), "–", megabytes(of(func(s many.Step) float64 { return float64(s.Peak) }))}
			if p99 > 0 {
				line[4] = duration(p99)
			}
			lines = append(lines, line)
			name = ""
		}
	}
	writeTable(w, []string{"", "tenants", "all", "a second", "99 of 100 tenants within", "peak memory"}, lines)
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.0f MB", bytes/(1<<20)) }
