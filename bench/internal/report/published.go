package report

import (
	"fmt"
	"io"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// writeSharedPublished writes the rows that a service with a file per tenant has published
// of itself, and what they are here.
func writeSharedPublished(w io.Writer, crowd operate.Table) {
	var lines [][]string
	for _, row := range []struct{ published, shared, file, id, how string }{
		{"latest 100 audit rows", "1.8 ms", "0.3 ms", "latest", ""},
		{"insert", "0.4 ms", "0.04 ms", "insert", "any tenant: many files, few of them warm"},
		{"", "", "", "hot", "one tenant: one warm file"},
		{"update a config value", "0.6 ms", "0.05 ms", "update", "any tenant"},
		{"count over all tenants", "2.1 ms", "45 ms", "count", "each file asked in turn"},
		{"", "", "", "summary", "silo: asked of the summaries; shared: as above"},
	} {
		samples := crowd.Row(row.id).Samples
		against := samples
		if row.id == "summary" {
			against = crowd.Row("count").Samples
		}
		line := []string{row.published, row.how, row.shared, row.file}
		for _, name := range []string{contend.Shared.Name, contend.Naive.Name, contend.Postgres.Name} {
			line = append(line, duration(measure.Summarize(against[name]).Wall))
		}
		line = append(line, duration(measure.Summarize(samples[base]).Wall), times(measure.Ratio(against[contend.Shared.Name], samples[base])))
		lines = append(lines, line)
	}
	writeTable(w, []string{"", "", "published: shared", "published: file", "shared", "shared naive", "PostgreSQL", "silo", "shared / silo"}, lines)
}

// writeProxyPublished writes the rows that a library which routes calls to SQLite files has
// published of itself, and what they are here.
func writeProxyPublished(w io.Writer, product, route operate.Table) {
	var lines [][]string
	for _, row := range []struct{ published, direct, through, id, against string }{
		{"insert", "10.3 µs", "11.4 µs", "insert", contend.Stock.Name},
		{"query", "1.66 µs", "1.84 µs", "point", contend.Stock.Name},
		{"query + 10 rows", "12.9 µs", "13.2 µs", "list10", contend.Stock.Name},
		{"transaction of 5 inserts", "26.4 µs", "26.8 µs", "tx5", contend.Stock.Name},
		{"prepared", "7.83 µs", "7.82 µs", "point", contend.Prepared.Name},
	} {
		samples := product.Row(row.id).Samples
		lines = append(lines, []string{
			row.published, row.direct, row.through, duration(measure.Summarize(samples[row.against]).Wall),
			duration(measure.Summarize(samples[base]).Wall), times(measure.Ratio(samples[base], samples[row.against])),
		})
	}
	lines = append(lines, []string{"routing", "", "≈ 170 ns", "", duration(measure.Summarize(routing(route)).Wall), ""})
	writeTable(w, []string{"", "published: direct", "published: through it", "direct", "through silo", "silo / direct"}, lines)
}

// writeLosses says where a file per tenant loses in this run.
func writeLosses(w io.Writer, tables map[string]operate.Table) {
	crowd, product, opening := tables["crowd"], tables[string(contend.Product)], tables["opening"]
	shared := contend.Shared.Name
	for _, loss := range []struct {
		table operate.Table
		row   string
		text  string
	}{
		{crowd, "insert", "**Writes to files that are cold.** An insert into any of many tenants"},
		{crowd, "update", "An update in any of many tenants"},
		{crowd, "count", "**Counts over all tenants.** Asking each file"},
		{product, "request", "A read for which the tenant is looked up"},
		{product, "update", "An update in one warm tenant"},
	} {
		samples := loss.table.Row(loss.row).Samples
		ratio := measure.Ratio(samples[base], samples[shared])
		if samples[shared] == nil {
			continue
		}
		verdict := "so here the file loses."
		if ratio <= 1 {
			verdict = "so here the file does not lose."
		}
		fmt.Fprintf(w, "- %s takes %s of a shared database's time (%s against %s), %s\n",
			loss.text, times(ratio), duration(measure.Summarize(samples[base]).Wall), duration(measure.Summarize(samples[shared]).Wall), verdict)
	}
	if samples := opening.Row("reopen").Samples[base]; samples != nil {
		fmt.Fprintf(w, "- **A tenant that is not open** costs %s before its first row is read; a shared database is always open.\n", duration(measure.Summarize(samples).Wall))
	}
	if samples := opening.Row("create").Samples[base]; samples != nil {
		fmt.Fprintf(w, "- **A new tenant** costs %s, on the disk when the call returns; in a shared database it is a row.\n", duration(measure.Summarize(samples).Wall))
	}
	fmt.Fprintln(w, "- Counts have an answer that does not ask the files: summaries in the global database; they are as old as their last writing.")
	fmt.Fprintln(w)
}
