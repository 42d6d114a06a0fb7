package report

import (
	"fmt"
	"io"
	"time"

	"github.com/silokit/silo/bench/internal/cycle"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// Lifecycle is all that the document about the life cycle of tenants says.
type Lifecycle struct {
	Command   string
	Date      string
	Facts     [][2]string
	Rounds    measure.Rounds
	Tables    map[string]operate.Table
	Ended     map[string]int // backups during the writes
	Few, Many []cycle.Fleet
	Shell     string // the version of SQLite's shell, or "" where there is none
}

// Write writes the document.
func (l Lifecycle) Write(w io.Writer) {
	fmt.Fprintf(w, "# Benchmarks of the life cycle\n\nWritten by `%s` on %s; do not edit. The program is [bench/lifecycle](../bench/lifecycle).\n\n", l.Command, l.Date)
	var lines [][]string
	for _, fact := range l.Facts {
		lines = append(lines, []string{fact[0], fact[1]})
	}
	writeTable(w, []string{"", ""}, lines)
	l.writeMethod(w)
	l.writeFigures(w)
	for _, s := range []section{
		{"create", "Creating a tenant", "Of the reference application's schema, eight migrations. **silo** is `Manager.Create`: the catalog's entry, its audit and the tenant's lock are in it; **Store alone** is `Store.Create`, the file. **goose** is its provider from zero on a new file with WAL and synchronous NORMAL, and then an fsync of the file and of its folder, as silo does; with **SQLite's defaults** it is a rollback journal and synchronous FULL, so that each migration is on the disk, and the same two. By `strace -c -e fsync` a tenant takes goose 10 and 38 calls of fsync, and silo 2: of the file before it has its name, and of the folder after it."},
		{"backup", "Backing up", backupAbout},
		{"copies", "Copies and erasure", "For information: nothing is compared. `Restore` also backs up what was there; `Export` and `Import` read what they have written once more; `Erase` searches for exports and backups too."},
	} {
		if table, ok := l.Tables[s.id]; ok {
			fmt.Fprintf(w, "## %s\n\n%s Of silo the time, of the others how many times silo's they take.\n\n", s.title, s.about)
			writeRatios(w, table)
			writeSpread(w, table)
		}
	}
	if table, ok := l.Tables["writer"]; ok {
		l.writeWriter(w, table)
	}
	if len(l.Many) > 0 {
		l.writeFleets(w)
	}
}

const backupAbout = "**silo** is `Manager.BackupAll` with its four workers, and of nothing skipped as unchanged; **one at a time** is the same with one worker. " +
	"**shell** is SQLite's command-line shell, `sqlite3 FILE \".backup COPY\"`, one file after the other: a process for each file, as people write the loop, or one process that opens all in turn. " +
	"All tenants are open in the service meanwhile. Each copy and its folder get an fsync on both sides; the shell's own are in its time too.\n\n" +
	"Silo does more than the shell: before a copy has its name SQLite has read all of it (`quick_check`) and its SHA-256 is known; it is one state of the tenant, however much is written meanwhile; " +
	"a manifest of it is written and synced after it, so that a backup that was interrupted is none; what was done is recorded in the catalog. The shell verifies nothing, and begins anew with each commit of another process."

func (l Lifecycle) writeMethod(w io.Writer) {
	fmt.Fprintf(w, "%d rounds. In each every contender has its turns, in an order that rotates; ratios are medians of the rounds' ratios, of times that other processes on the machine disturb; "+
		"processor time, of the process and those that it starts, they disturb less. "+
		"What is compared is on the disk when it counts as done: the file and its folder have had an fsync.\n\n", l.Rounds.Count)
	if l.Rounds.Scale != 1 {
		fmt.Fprintf(w, "**This was a short run,** of fewer operations, rows and tenants.\n\n")
	}
	if l.Shell == "" {
		fmt.Fprintf(w, "- skipped: SQLite's shell, which this machine has not (Debian: `apt-get install sqlite3`)\n\n")
	}
}

// writeFigures writes what is required and what was measured.
func (l Lifecycle) writeFigures(w io.Writer) {
	rate := func(table, row, than string) float64 {
		samples := l.Tables[table].Row(row).Samples
		return measure.Ratio(samples[than], samples[base])
	}
	var lines [][]string
	for _, f := range []struct {
		what  string
		bound bound
		got   float64
	}{
		{"create, the rate of goose from zero with SQLite's defaults", atLeast(5), rate("create", "one", cycle.GooseAs)},
		{"create, the rate of goose with WAL and synchronous NORMAL", atLeast(5), rate("create", "one", cycle.Goose)},
		{"create four at once, of goose with SQLite's defaults", atLeast(5), rate("create", "four", cycle.GooseAs)},
		{"create four at once, of goose with WAL and synchronous NORMAL", atLeast(5), rate("create", "four", cycle.Goose)},
		{"back up small tenants, the rate of the shell's loop", atLeast(2), rate("backup", "small", cycle.Shell)},
		{"back up one large tenant", atLeast(2), rate("backup", "large", cycle.Shell)},
		{"back up some large tenants", atLeast(2), rate("backup", "larges", cycle.Shell)},
		{"peak memory of the larger fleet, of the smaller's", atMost(1.2), l.grown()},
	} {
		verdict := "yes"
		switch {
		case f.got != f.got: //nolint:gocritic // it is no number
			verdict = "–"
		case !f.bound.reached(f.got):
			verdict = "**no**"
		}
		lines = append(lines, []string{f.what, f.bound.String() + "×", times(f.got), verdict})
	}
	fmt.Fprintf(w, "## Required figures\n\nRatios of times in this run. What the times are made of, and why a figure is not reached, is in [profiles.md](profiles.md#what-a-creation-and-a-backup-are-made-of).\n\n")
	writeTable(w, []string{"", "required", "measured", "reached"}, lines)
}

// grown is how many times the memory of the smaller fleet the larger one takes.
func (l Lifecycle) grown() float64 {
	return median(l.Many, peakOf) / median(l.Few, peakOf)
}

func peakOf(f cycle.Fleet) float64 { return float64(f.Peak) }

func median(fleets []cycle.Fleet, of func(cycle.Fleet) float64) float64 {
	var values []float64
	for _, f := range fleets {
		values = append(values, of(f))
	}
	return measure.Median(values)
}

// writeSpread writes the times of all contenders.
func writeSpread(w io.Writer, t operate.Table) {
	var lines [][]string
	for _, row := range t.Rows {
		title := row.Title
		for _, name := range t.Order {
			if samples := row.Samples[name]; samples != nil {
				s := measure.Summarize(samples)
				lines = append(lines, []string{title, name, duration(s.Wall), duration(s.Low), duration(s.High), duration(s.CPU), times(measure.RatioCPU(samples, row.Samples[base]))})
				title = ""
			}
		}
	}
	writeTable(w, []string{"", "", "median", "p10", "p90", "CPU", "CPU / silo's"}, lines)
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

func (l Lifecycle) writeFleets(w io.Writer) {
	how := "one process of each size"
	if n := len(l.Many); n > 1 {
		how = fmt.Sprintf("medians of %d of each size", n)
	}
	fmt.Fprintf(w, "## Many tenants\n\nA process of its own makes the tenants, opens and reads each, backs all up, lists them and their backups, and has Doctor look at them; %s. "+
		"Memory is the most that was resident (VmHWM of proc(5)); descriptors are the most that were seen, looked for every 20 ms. Of the tenants at most `Options.MaxOpen` are open, 1,000 by default.\n\n", how)
	sides := [][]cycle.Fleet{l.Few, l.Many}
	header := []string{""}
	for _, side := range sides {
		header = append(header, fmt.Sprint(side[0].Tenants, " tenants"))
	}
	var lines [][]string
	add := func(title string, of func(cycle.Fleet) float64, write func(float64) string) {
		line := []string{title}
		for _, side := range sides {
			line = append(line, write(median(side, of)))
		}
		lines = append(lines, line)
	}
	add("peak memory", peakOf, func(n float64) string { return fmt.Sprintf("%.0f MB", n/(1<<20)) })
	add("descriptors", func(f cycle.Fleet) float64 { return float64(f.Files) }, number)
	for _, step := range []struct {
		title string
		of    func(cycle.Fleet) time.Duration
	}{
		{"create, each", func(f cycle.Fleet) time.Duration { return f.Create }},
		{"open and read, each", func(f cycle.Fleet) time.Duration { return f.Open }},
		{"back up, each", func(f cycle.Fleet) time.Duration { return f.Back }},
		{"list with its backup, each", func(f cycle.Fleet) time.Duration { return f.List }},
		{"Doctor, each", func(f cycle.Fleet) time.Duration { return f.Look }},
	} {
		add(step.title, func(f cycle.Fleet) float64 { return float64(step.of(f)) / float64(f.Tenants) }, duration)
	}
	writeTable(w, header, lines)
}
