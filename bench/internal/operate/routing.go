package operate

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/silokit/silo/bench/internal/measure"
)

// Routing measures the way from a context to the tenant's open file. It is inside of Silo,
// so Silo's own benchmarks of it are run, in the module at folder silo.
func (s Setting) Routing(ctx context.Context, silo string) (Table, error) {
	s.Say("  routing: go test -bench in %s", silo)
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "Rout|AcquireOpen", "-benchmem", "-benchtime", "200ms",
		"-count", strconv.Itoa(s.Rounds.Count), "./tenantdb/...")
	command.Dir = silo
	out, err := command.CombinedOutput()
	if err != nil {
		return Table{}, fmt.Errorf("routing: %w\n%s", err, out)
	}
	return routingTable(string(out)), nil
}

// benchmark is a line of go test -benchmem.
var benchmark = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op\s+(\d+) B/op\s+(\d+) allocs/op`)

func routingTable(output string) Table {
	table := Table{ID: "routing", Order: []string{"silo"}}
	rows := map[string]int{}
	for _, match := range benchmark.FindAllStringSubmatch(output, -1) {
		name := match[1]
		if _, ok := rows[name]; !ok {
			rows[name] = len(table.Rows)
			table.Rows = append(table.Rows, Row{ID: strings.ToLower(name), Title: "Benchmark" + name, Samples: map[string][]measure.Sample{}})
		}
		var sample measure.Sample
		for to, text := range map[*float64]string{&sample.Wall: match[2], &sample.Bytes: match[3], &sample.Allocs: match[4]} {
			*to, _ = strconv.ParseFloat(text, 64) // the expression admits numbers only
		}
		sample.CPU = sample.Wall
		samples := table.Rows[rows[name]].Samples
		samples["silo"] = append(samples["silo"], sample)
	}
	return table
}
