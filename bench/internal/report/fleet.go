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
	f.write(w, "Benchmarks of work on many tenants", "bench/fleet", ". Other processes on the machine disturb times; "+
		"processor time, of the process and those that it starts, they disturb less.")
	if _, ok := f.Tables["migrate"]; ok && !f.Goose {
		fmt.Fprintf(w, "- skipped: goose's command, which could not be built (`go install github.com/pressly/goose/v3/cmd/goose@%s`)\n\n", many.GooseVersion())
	}
	f.writeFigures(w)
	writeSections(w, f.Tables, section{"migrate", "Migrating", migrateAbout}, section{"ask", "Asking", askAbout})
	both := pair{f.Few, f.Many}
	both.write(w, "migrates the tenants by the three migrations, asks the catalog how they stand, looks at all files, asks all of them one question, opens each, "+
		"sums all up into `tenant_hourly_stats` of the global database, and asks that",
		" Of work that does not say how long a tenant takes, that is from when there is a place for it until it is done.")
	both.writeSteps(w)
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
	writeRequirements(w, "",
		requirement{"migrate all, the rate of goose's command for each file", atLeast(5), "×", measure.Ratio(migrated[many.Goose], migrated[base])},
		requirement{"the same of processor time", atLeast(5), "×", measure.RatioCPU(migrated[many.Goose], migrated[base])},
		requirement{"ask 200 open tenants", atMost(45), " ms", milliseconds(open[base])},
		requirement{"the same question to the rollup's table", atMost(1), " ms", milliseconds(open[many.RolledUp])},
		requirement{"ask tenants that are not open, of the time of opening them alone", atMost(1.2), "×", measure.Ratio(cold[base], cold[many.Opening])},
		requirement{"the same of processor time", atMost(1.2), "×", measure.RatioCPU(cold[base], cold[many.Opening])},
		requirement{"peak memory of the larger fleet, of the smaller's", atMost(1.2), "×", pair{f.Few, f.Many}.grown()},
	)
}
