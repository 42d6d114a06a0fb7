package report

import (
	"fmt"
	"io"

	"github.com/silokit/silo/bench/internal/cycle"
	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// Lifecycle is all that the document about the life cycle of tenants says.
type Lifecycle struct {
	Head
	Tables    map[string]operate.Table
	Ended     map[string]int // backups during the writes
	Few, Many []fleets.Fleet
	Shell     string // the version of SQLite's shell, or "" where there is none
}

// Write writes the document.
func (l Lifecycle) Write(w io.Writer) {
	l.write(w, "Benchmarks of the life cycle", "bench/lifecycle", ", of times that other processes on the machine disturb; "+
		"processor time, of the process and those that it starts, they disturb less. "+
		"What is compared is on the disk when it counts as done: the file and its folder have had an fsync.")
	if l.Shell == "" {
		fmt.Fprintf(w, "- skipped: SQLite's shell, which this machine has not (Debian: `apt-get install sqlite3`)\n\n")
	}
	l.writeFigures(w)
	writeSections(w, l.Tables,
		section{"create", "Creating a tenant", "Of the reference application's schema, eight migrations. **silo** is `Manager.Create`: the catalog's entry, its audit and the tenant's lock are in it; **Store alone** is `Store.Create`, the file. **goose** is its provider from zero on a new file with WAL and synchronous NORMAL, and then an fsync of the file and of its folder, as silo does; with **SQLite's defaults** it is a rollback journal and synchronous FULL, so that each migration is on the disk, and the same two. By `strace -c -e fsync` a tenant takes goose 10 and 38 calls of fsync, and silo 2: of the file before it has its name, and of the folder after it."},
		section{"backup", "Backing up", backupAbout},
		section{"copies", "Copies and erasure", "For information: nothing is compared. `Restore` also backs up what was there; `Export` and `Import` read what they have written once more; `Erase` searches for exports and backups too."},
	)
	if table, ok := l.Tables["writer"]; ok {
		l.writeWriter(w, table)
	}
	each := func(step string) func(fleets.Fleet) float64 {
		return func(f fleets.Fleet) float64 { return float64(f.Step(step).Took) / float64(f.Tenants) }
	}
	pair{l.Few, l.Many}.write(w, "makes the tenants, opens and reads each, backs all up, lists them and their backups, and has Doctor look at them",
		" Of the tenants at most `Options.MaxOpen` are open, 1,000 by default.",
		fact{"create, each", each(cycle.StepCreate), duration},
		fact{"open and read, each", each(cycle.StepOpen), duration},
		fact{"back up, each", each(cycle.StepBackUp), duration},
		fact{"list with its backup, each", each(cycle.StepList), duration},
		fact{"Doctor, each", each(cycle.StepDoctor), duration},
	)
}

const backupAbout = "**silo** is `Manager.BackupAll` with its four workers, and of nothing skipped as unchanged; **one at a time** is the same with one worker. " +
	"**shell** is SQLite's command-line shell, `sqlite3 FILE \".backup COPY\"`, one file after the other: a process for each file, as people write the loop, or one process that opens all in turn. " +
	"All tenants are open in the service meanwhile. Each copy and its folder get an fsync on both sides; the shell's own are in its time too.\n\n" +
	"Silo does more than the shell: before a copy has its name SQLite has read all of it (`quick_check`) and its SHA-256 is known; it is one state of the tenant, however much is written meanwhile; " +
	"a manifest of it is written and synced after it, so that a backup that was interrupted is none; what was done is recorded in the catalog. The shell verifies nothing, and begins anew with each commit of another process."

// writeFigures writes what is required and what was measured.
func (l Lifecycle) writeFigures(w io.Writer) {
	rate := func(table, row, than string) float64 {
		samples := l.Tables[table].Row(row).Samples
		return measure.Ratio(samples[than], samples[base])
	}
	writeRequirements(w, "Ratios of times in this run. What the times are made of, and why a figure is not reached, is in [profiles.md](profiles.md#what-a-creation-and-a-backup-are-made-of).\n\n",
		requirement{"create, the rate of goose from zero with SQLite's defaults", atLeast(5), "×", rate("create", "one", cycle.GooseAs)},
		requirement{"create, the rate of goose with WAL and synchronous NORMAL", atLeast(5), "×", rate("create", "one", cycle.Goose)},
		requirement{"create four at once, of goose with SQLite's defaults", atLeast(5), "×", rate("create", "four", cycle.GooseAs)},
		requirement{"create four at once, of goose with WAL and synchronous NORMAL", atLeast(5), "×", rate("create", "four", cycle.Goose)},
		requirement{"back up small tenants, the rate of the shell's loop", atLeast(2), "×", rate("backup", "small", cycle.Shell)},
		requirement{"back up one large tenant", atLeast(2), "×", rate("backup", "large", cycle.Shell)},
		requirement{"back up some large tenants", atLeast(2), "×", rate("backup", "larges", cycle.Shell)},
		requirement{"peak memory of the larger fleet, of the smaller's", atMost(1.2), "×", pair{l.Few, l.Many}.grown()},
	)
}

func (l Lifecycle) writeWriter(w io.Writer, t operate.Table) {
	fmt.Fprintf(w, "## Writing while a backup is taken\n\nOne update each millisecond of a large tenant, which is backed up again and again meanwhile; medians of the rounds. The processors are shared by both.\n\n")
	header := []string{""}
	for _, name := range t.Order {
		if name == cycle.Alone {
			header = append(header, name)
		} else {
			header = append(header, "while "+name)
		}
	}
	var lines [][]string
	for _, row := range t.Rows {
		line := []string{row.Title}
		for _, name := range t.Order {
			line = append(line, duration(measure.Summarize(row.Samples[name]).Wall))
		}
		lines = append(lines, line)
	}
	line := []string{"backups that ended, in all rounds"}
	for _, name := range t.Order {
		line = append(line, fmt.Sprint(l.Ended[name]))
	}
	writeTable(w, header, append(lines, line))
}
