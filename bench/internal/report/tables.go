package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// base is the contender that the others are compared with.
const base = "silo"

// writeRatios writes one line for each operation: what silo takes, and how many times
// that each other takes.
func writeRatios(w io.Writer, t operate.Table) {
	header := []string{"", base}
	for _, name := range t.Order {
		if name != base {
			header = append(header, name)
		}
	}
	var lines [][]string
	for _, row := range t.Rows {
		line := []string{row.Title, duration(measure.Summarize(row.Samples[base]).Wall)}
		for _, name := range header[2:] {
			line = append(line, times(measure.Ratio(row.Samples[name], row.Samples[base])))
		}
		lines = append(lines, line)
	}
	writeTable(w, header, lines)
}

// writeSections writes the tables that were measured, each with what is to be known of it.
func writeSections(w io.Writer, tables map[string]operate.Table, sections ...section) {
	for _, s := range sections {
		if table, ok := tables[s.id]; ok {
			fmt.Fprintf(w, "## %s\n\n%s Of silo the time, of the others how many times silo's they take.\n\n", s.title, s.about)
			writeRatios(w, table)
			writeSpread(w, table)
		}
	}
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

// writeDetails writes a line for each operation and contender.
func writeDetails(w io.Writer, t operate.Table) {
	var lines [][]string
	for _, row := range t.Rows {
		title := row.Title
		for _, name := range t.Order {
			samples := row.Samples[name]
			if samples == nil {
				continue
			}
			s := measure.Summarize(samples)
			lines = append(lines, []string{
				title, name, duration(s.Wall), duration(s.Low), duration(s.High), duration(s.CPU),
				number(s.Bytes), number(s.Allocs), times(measure.Ratio(samples, row.Samples[base])), times(measure.RatioCPU(samples, row.Samples[base])),
			})
			title = ""
		}
	}
	writeTable(w, []string{"", "", "median", "p10", "p90", "CPU", "B/op", "allocs/op", "time / silo's", "CPU / silo's"}, lines)
}

// writeTable writes a table in Markdown. All columns but those without a name are numbers,
// and aligned as such.
func writeTable(w io.Writer, header []string, lines [][]string) {
	rule := make([]string, len(header))
	for i, name := range header {
		rule[i] = "-"
		if name != "" {
			rule[i] = "-:"
		}
	}
	for _, line := range append([][]string{header, rule}, lines...) {
		fmt.Fprintf(w, "| %s |\n", strings.Join(line, " | "))
	}
	fmt.Fprintln(w)
}

// duration writes nanoseconds with three digits that mean something.
func duration(ns float64) string {
	switch {
	case math.IsNaN(ns):
		return "–"
	case ns >= 1e9:
		return digits(ns/1e9) + " s"
	case ns >= 1e6:
		return digits(ns/1e6) + " ms"
	case ns >= 1e3:
		return digits(ns/1e3) + " µs"
	default:
		return digits(ns) + " ns"
	}
}

// times writes a ratio.
func times(ratio float64) string {
	if math.IsNaN(ratio) {
		return "–"
	}
	return digits(ratio) + "×"
}

// kilobytes writes bytes.
func kilobytes(bytes float64) string {
	if math.IsNaN(bytes) {
		return "–"
	}
	return fmt.Sprintf("%.0f KB", bytes/1024)
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.0f MB", bytes/(1<<20)) }

func number(n float64) string {
	if math.IsNaN(n) {
		return "–"
	}
	return fmt.Sprintf("%.0f", n)
}

// digits writes a number with three digits, where it has so many before the point or fewer.
func digits(n float64) string {
	switch {
	case n >= 99.95:
		return fmt.Sprintf("%.0f", n)
	case n >= 9.995:
		return fmt.Sprintf("%.1f", n)
	default:
		return fmt.Sprintf("%.2f", n)
	}
}
