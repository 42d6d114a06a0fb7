// Command bench measures Silo's generated queries against what people write instead, side
// by side in one run, and writes the report. See docs/benchmarks.md for what it found;
// `make bench` in Silo's folder runs it.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/bench/internal/report"
)

// groups are what is measured, in order.
var groups = []string{"product", "fleet", "mixed", "opening", "memory", "routing"}

// modules are those whose versions the report names.
var modules = []string{"modernc.org/sqlite", "zombiezen.com/go/sqlite", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3"}

func main() {
	rounds := flag.Int("rounds", 10, "rounds that count")
	quick := flag.Bool("quick", false, "a short run: 3 rounds at most, fewer operations and rows")
	only := flag.String("only", strings.Join(groups, ","), "groups to measure")
	silo := flag.String("silo", "..", "folder of Silo's module")
	out := flag.String("out", "", "file to write the report to (default: standard output)")
	command := flag.String("command", "go run . in bench", "what the report says it was written by")
	memory := flag.String("memory", "", "what a process for the memory of idle tenants is to do; for this program itself")
	flag.Parse()
	ctx := context.Background()
	var err error
	if *memory != "" {
		var used, idle float64
		if used, idle, err = operate.Measure(ctx, *memory); err == nil {
			fmt.Println(used, idle)
		}
	} else {
		var document []byte
		if document, err = run(ctx, newSetting(*rounds, *quick), strings.Split(*only, ","), *silo, *command); err == nil {
			err = report.Deliver(*out, document)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

//revive:disable-next-line:flag-parameter // as the flag is
func newSetting(rounds int, quick bool) operate.Setting {
	began := time.Now()
	setting := operate.Setting{
		Bench: operate.Bench{Rounds: measure.Rounds{Count: rounds, Scale: 1}, Say: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		}},
		Rows: 5000, Tenants: 200, Many: 1000, Limit: 200,
	}
	if quick {
		setting.Rounds = measure.Rounds{Count: min(rounds, 3), Scale: 0.3}
		setting.Rows, setting.Tenants, setting.Many, setting.Limit = 1000, 20, 100, 20
	}
	return setting
}

// run measures the groups and returns the report.
func run(ctx context.Context, s operate.Setting, only []string, silo, command string) (_ []byte, err error) {
	if s.Dir, err = os.MkdirTemp("", "silo-bench"); err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(s.Dir) }() // in the folder for what is temporary
	before := machine.Load()
	var skipped []string
	s.Contenders, skipped = contend.All()
	for _, why := range skipped {
		s.Say("skipped: %s", why)
	}
	r := report.Report{
		Command: command, Date: time.Now().UTC().Format("2006-01-02 15:04 UTC"), Facts: machine.Facts(ctx, s.Dir, silo, modules...),
		Contenders: s.Contenders, Skipped: skipped, Rounds: s.Rounds, Rows: s.Rows, Tenants: s.Tenants, Open: s.Many,
		Tables: map[string]operate.Table{},
	}
	for _, group := range groups {
		if !slices.Contains(only, group) {
			continue
		}
		s.Say("%s", group)
		tables, err := measureGroup(ctx, s, group, silo)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", group, err)
		}
		for _, t := range tables {
			r.Tables[t.ID] = t
		}
	}
	if version := machine.Version(ctx, "postgres"); version != "" {
		r.Facts = append(r.Facts, [2]string{"PostgreSQL", version})
	}
	r.Facts = append(r.Facts, [2]string{"load averages before and after", before + "; " + machine.Load()})
	var document bytes.Buffer
	r.Write(&document)
	return document.Bytes(), nil
}

func measureGroup(ctx context.Context, s operate.Setting, group, silo string) ([]operate.Table, error) {
	one := func(t operate.Table, err error) ([]operate.Table, error) { return []operate.Table{t}, err }
	switch group {
	case "product", "fleet":
		return s.Single(ctx, contend.Schema(group))
	case "mixed":
		return one(s.Mixed(ctx))
	case "opening":
		return one(s.Opening(ctx))
	case "memory":
		return one(s.Memory(ctx, 3))
	default:
		return one(s.Routing(ctx, silo))
	}
}
