// Package report writes what was measured as a document in Markdown.
package report

import (
	"fmt"
	"io"
	"os"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// Report is all that the document says.
type Report struct {
	Command    string
	Date       string
	Facts      [][2]string // of the machine and of versions
	Contenders []contend.Contender
	Skipped    []string
	Rounds     measure.Rounds
	Rows       int // of a tenant
	Tenants    int // in a shared database
	Open       int // tenants whose memory was measured
	Tables     map[string]operate.Table
}

// section is a part of the document about one table.
type section struct{ id, title, about string }

var sections = []section{
	{"product", "One tenant, the reference application's schema", "The tenant is open, and one goroutine uses it. In shared databases it is one of all tenants."},
	{"fleet", "One tenant, another schema", "The same operations on the schema of `bench/schema/fleet`: integer keys, floating point and blobs, no times."},
	{"crowd", "Many tenants", "Each call is for a tenant drawn at random, which is looked up (silo: resolved) first. Counts are of the audit log."},
	{"mixed", "Many tenants, not all of them open", "Reads and updates of tenants of which few are asked for most often. Where each has a file, those least recently used are closed to open others."},
	{"opening", "Opening and creating", "One tenant may be open at a time: closing the one before is counted with the opening of the next. Silo's Create returns when the new file is on the disk; goose runs the same migrations in a transaction each, with synchronous NORMAL."},
	{"routing", "Routing", "Silo's own benchmarks of the way from a context to the tenant's open file, by `go test -bench`."},
}

// Write writes the document.
func (r Report) Write(w io.Writer) {
	fmt.Fprintf(w, "# Benchmarks\n\nWritten by `%s` on %s; do not edit. ", r.Command, r.Date)
	fmt.Fprintf(w, "The program is the module in [bench](../bench).\n\n")
	r.writeMethod(w)
	fmt.Fprintf(w, "## Required figures\n\nAs medians of this run; *faster* is the other's time divided by silo's. The last two columns are the same of processor time, which other processes on the machine disturb less. Why a figure is not reached is in [profiles.md](profiles.md).\n\n")
	writeFigures(w, r.Tables)
	for _, s := range sections {
		table, ok := r.Tables[s.id]
		if !ok {
			continue
		}
		fmt.Fprintf(w, "## %s\n\n%s Of silo the time, of the others how many times silo's they take.\n\n", s.title, s.about)
		writeRatios(w, table)
	}
	if memory, ok := r.Tables["memory"]; ok {
		r.writeMemory(w, memory)
	}
	fmt.Fprintf(w, "## Published tables\n\nA service with a file per tenant published, of 200 tenants; here of %d tenants with %d rows each:\n\n", r.Tenants, r.Rows)
	writeSharedPublished(w, r.Tables["crowd"])
	fmt.Fprintf(w, "A library that routes calls to a file per tenant published; here, direct is sqlc's output on one file:\n\n")
	writeProxyPublished(w, r.Tables["product"], r.Tables["routing"])
	fmt.Fprintf(w, "## Where a file per tenant loses\n\n")
	writeLosses(w, r.Tables)
	fmt.Fprintf(w, "## Details\n\nMedian, tenth and ninetieth percentile of the rounds' times; processor time; Go's heap.\n\n")
	for _, s := range sections {
		if table, ok := r.Tables[s.id]; ok {
			fmt.Fprintf(w, "### %s\n\n", s.title)
			writeDetails(w, table)
		}
	}
}

func (r Report) writeMethod(w io.Writer) {
	var lines [][]string
	for _, fact := range r.Facts {
		lines = append(lines, []string{fact[0], fact[1]})
	}
	writeTable(w, []string{"", ""}, lines)
	fmt.Fprintf(w, "%d rounds. In each, every contender has five turns at an operation, in an order that rotates, each after a garbage collection; the middle one counts (of few and long operations there is one turn). "+
		"Ratios are medians of the rounds' ratios, so what slows the machine for a while counts little; times are of this machine and this hour. "+
		"All handles are used under a context that can be cancelled. Files have WAL, synchronous NORMAL, foreign keys, a busy timeout. "+
		"Processor time is the whole process's, by getrusage. Before anything is measured, each contender does every operation, and its results are compared with silo's.\n\n", r.Rounds.Count)
	if r.Rounds.Scale != 1 {
		fmt.Fprintf(w, "**This was a short run,** of fewer operations and rows.\n\n")
	}
	for _, c := range r.Contenders {
		fmt.Fprintf(w, "- **%s**: %s\n", c.Name, c.About)
	}
	for _, why := range r.Skipped {
		fmt.Fprintf(w, "- skipped: %s\n", why)
	}
	fmt.Fprintln(w)
}

func (r Report) writeMemory(w io.Writer, t operate.Table) {
	fmt.Fprintf(w, "## Memory of an open tenant\n\nBy how much the process grows for each of %d open tenants: resident memory, once Go's heap has given back what it can; median of processes of their own. ", r.Open)
	fmt.Fprintf(w, "All have one connection a tenant, for one goroutine asks. 32 KB of each figure are the -shm file, which all processes share. sqlc prepares nothing, sqlc prepared and mattn all statements of the schema, silo and zombiezen those that were run. A tenant is idle that was not used for some seconds: silo then frees the pages it has cached.\n\n")
	header := []string{""}
	header = append(header, t.Order...)
	var lines [][]string
	for _, row := range t.Rows {
		line := []string{row.Title}
		for _, name := range t.Order {
			line = append(line, kilobytes(measure.Summarize(row.Samples[name]).Wall))
		}
		lines = append(lines, line)
	}
	writeTable(w, header, lines)
}

// Deliver writes a document to a file, or to standard output where none is named.
func Deliver(path string, document []byte) error {
	if path == "" {
		_, err := os.Stdout.Write(document)
		return err
	}
	return os.WriteFile(path, document, 0o644) //nolint:gosec // a document, for all to read
}
