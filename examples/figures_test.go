package examples

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tableRow is a row of a document's table: its cells by the head of their column.
type tableRow map[string]string

// tableRows returns the rows of all tables of a document by their first cell. Of two of one name the first counts.
func tableRows(t *testing.T, name string) map[string]tableRow {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]tableRow{}
	var head []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			head = nil
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if head == nil {
			head = cells
			continue
		}
		if _, ok := rows[cells[0]]; ok || len(cells) != len(head) {
			continue
		}
		row := tableRow{}
		for i := 1; i < len(cells); i++ {
			row[head[i]] = cells[i]
		}
		rows[cells[0]] = row
	}
	return rows
}

// figure reads 111 µs, 29.7 ms and 3.66×.
func figure(t *testing.T, text string) float64 {
	t.Helper()
	text = strings.TrimSuffix(text, "×")
	unit := 1.0
	for suffix, nanoseconds := range map[string]float64{" ns": 1, " µs": 1e3, " ms": 1e6} {
		if number, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = number, nanoseconds
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%q is no figure", text)
	}
	return number * unit
}

// The figures that docs/isolation.md argues with are those of docs/benchmarks.md: measured anew they may differ by
// a half, for they are of another hour, and no more.
func TestTheFiguresOfTheGuideAreThoseThatWereMeasured(t *testing.T) {
	guide, measured := tableRows(t, "isolation.md"), tableRows(t, "benchmarks.md")
	compared := 0
	for operation, row := range guide {
		if _, ok := row["PostgreSQL"]; !ok {
			continue // another table
		}
		for contender, said := range row {
			if said == "–" {
				continue
			}
			is, ok := measured[operation][contender]
			if !ok {
				t.Errorf("docs/benchmarks.md has no %q of %s", operation, contender)
				continue
			}
			compared++
			if ratio := figure(t, said) / figure(t, is); ratio < 0.5 || ratio > 1.5 {
				t.Errorf("%s, %s: docs/isolation.md says %s, docs/benchmarks.md %s", operation, contender, said, is)
			}
		}
	}
	if compared < 20 {
		t.Errorf("%d figures are compared", compared)
	}
}
