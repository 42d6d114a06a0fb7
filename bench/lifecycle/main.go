// Command lifecycle measures operations on tenants against what people do instead, side by
// side in one run, and writes the report. See docs/benchmarks-lifecycle.md for what it
// found; `make bench-lifecycle` in Silo's folder runs it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/bench/internal/cycle"
	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/bench/internal/report"
)

// groups are what is measured, in order.
var groups = []string{"create", "backup", "writer", "copies", "fleet"}

func main() {
	rounds := flag.Int("rounds", 5, "rounds that count")
	fleets := flag.Int("fleets", 1, "fleets of each size")
	quick := flag.Bool("quick", false, "a short run: 3 rounds at most, fewer operations, rows and tenants")
	only := flag.String("only", strings.Join(groups, ","), "groups to measure")
	silo := flag.String("silo", "..", "folder of Silo's module")
	out := flag.String("out", "", "file to write the report to (default: standard output)")
	command := flag.String("command", "go run ./lifecycle in bench", "what the report says it was written by")
	fleet := flag.String("fleet", "", "what a process for the memory of a fleet is to do; for this program itself")
	flag.Parse()
	ctx := context.Background()
	var err error
	if *fleet != "" {
		var f cycle.Fleet
		if f, err = cycle.RunFleet(ctx, *fleet); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(f)
		}
	} else {
		var document []byte
		if document, err = run(ctx, newSetting(*rounds, *quick), strings.Split(*only, ","), *fleets, *silo, *command); err == nil {
			err = report.Deliver(*out, document)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lifecycle:", err)
		os.Exit(1)
	}
}

//revive:disable-next-line:flag-parameter // as the flag is
func newSetting(rounds int, quick bool) cycle.Setting {
	began := time.Now()
	setting := cycle.Setting{
		Rounds:  measure.Rounds{Count: rounds, Scale: 1},
		Tenants: 100, SmallRows: 100, LargeRows: 60_000, Large: 6, Few: 1000, Many: 10_000,
		Say: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		},
	}
	if quick {
		setting.Rounds = measure.Rounds{Count: min(rounds, 3), Scale: 0.3}
		setting.Tenants, setting.LargeRows, setting.Large, setting.Few, setting.Many = 20, 10_000, 3, 100, 1000
	}
	return setting
}

// run measures the groups and returns the report.
func run(ctx context.Context, s cycle.Setting, only []string, fleets int, silo, command string) (_ []byte, err error) {
	if s.Dir, err = os.MkdirTemp("", "silo-lifecycle"); err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(s.Dir) }() // in the folder for what is temporary
	before := machine.Load()
	r := report.Lifecycle{
		Command: command, Date: time.Now().UTC().Format("2006-01-02 15:04 UTC"), Facts: machine.Facts(ctx, s.Dir, silo, "modernc.org/sqlite", "github.com/pressly/goose/v3"),
		Rounds: s.Rounds, Tables: map[string]operate.Table{}, Shell: machine.Version(ctx, "sqlite3"),
	}
	for _, group := range groups {
		if !slices.Contains(only, group) {
			continue
		}
		s.Say("%s", group)
		var table operate.Table
		switch group {
		case "create":
			table, err = s.Create(ctx)
		case "backup":
			table, err = s.Backup(ctx)
		case "writer":
			table, r.Ended, err = s.Writer(ctx)
		case "copies":
			table, err = s.Copies(ctx)
		default:
			r.Few, r.Many, err = s.Fleets(ctx, fleets)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", group, err)
		}
		if table.ID != "" {
			r.Tables[table.ID] = table
		}
	}
	if version, _, _ := strings.Cut(r.Shell, " "); version != "" {
		r.Facts = append(r.Facts, [2]string{"SQLite's shell", version})
	}
	r.Facts = append(r.Facts, [2]string{"load averages before and after", before + "; " + machine.Load()})
	var document bytes.Buffer
	r.Write(&document)
	return document.Bytes(), nil
}
