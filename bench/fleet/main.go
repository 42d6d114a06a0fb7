// Command fleet measures work that goes over many tenants against what people do instead, side by
// side in one run, and writes the report. See docs/benchmarks-fleet.md for what it found;
// `make bench-fleet` in Silo's folder runs it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/many"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/bench/internal/report"
)

// groups are what is measured, in order.
var groups = []string{"migrate", "ask", "fleet"}

func main() {
	rounds := flag.Int("rounds", 5, "rounds that count")
	fleets := flag.Int("fleets", 3, "fleets of each size")
	quick := flag.Bool("quick", false, "a short run: 3 rounds at most, fewer tenants")
	only := flag.String("only", strings.Join(groups, ","), "groups to measure")
	silo := flag.String("silo", "..", "folder of Silo's module")
	out := flag.String("out", "", "file to write the report to (default: standard output)")
	command := flag.String("command", "go run ./fleet in bench", "what the report says it was written by")
	fleet := flag.String("fleet", "", "what a process for a fleet is to do; for this program itself")
	flag.Parse()
	if err := start(*fleet, *out, func(ctx context.Context) ([]byte, error) {
		return run(ctx, newSetting(*rounds, *fleets, *quick), strings.Split(*only, ","), *silo, *command)
	}); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// start does what the process is for, until it is told to end or the one that has started it
// does; then it leaves nothing behind, and a second signal ends it at once.
func start(fleet, out string, whole func(context.Context) ([]byte, error)) error {
	ctx, stop := machine.WithParent(context.Background())
	defer stop()
	ctx, ignore := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer ignore()
	context.AfterFunc(ctx, ignore)
	if fleet != "" {
		f, err := many.RunFleet(ctx, fleet)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(f)
	}
	document, err := whole(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w; nothing is left behind", context.Cause(ctx))
	}
	if err != nil {
		return err
	}
	return report.Deliver(out, document)
}

//revive:disable-next-line:flag-parameter // as the flag is
func newSetting(rounds, fleets int, quick bool) many.Setting {
	began := time.Now()
	setting := many.Setting{
		Bench: operate.Bench{Rounds: measure.Rounds{Count: rounds, Scale: 1}, Say: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		}},
		Migrated: 200, Rows: 100, Open: 200, Cold: 2000, Few: 1000, Many: 10_000, Fleets: fleets,
	}
	if quick {
		setting.Rounds = measure.Rounds{Count: min(rounds, 3), Scale: 0.3}
		setting.Migrated, setting.Cold, setting.Few, setting.Many, setting.Fleets = 100, 400, 500, 2500, 1
	}
	return setting
}

// run measures the groups and returns the report.
func run(ctx context.Context, s many.Setting, only []string, silo, command string) (_ []byte, err error) {
	if s.Dir, err = os.MkdirTemp("", "silo-fleet"); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.Dir)) }()
	before := machine.Load()
	r := report.Fleet{
		Command: command, Date: time.Now().UTC().Format("2006-01-02 15:04 UTC"), Facts: machine.Facts(ctx, s.Dir, silo, "modernc.org/sqlite", "github.com/pressly/goose/v3"),
		Rounds: s.Rounds, Tables: map[string]operate.Table{},
	}
	if slices.Contains(only, "migrate") {
		s.Say("building goose's command")
		if s.Goose, err = many.BuildGoose(ctx, s.Dir); err != nil {
			s.Say("  without it: %v", err)
		}
		r.Goose = s.Goose != ""
	}
	for _, group := range groups {
		if !slices.Contains(only, group) {
			continue
		}
		s.Say("%s", group)
		var table operate.Table
		switch group {
		case "migrate":
			table, err = s.Migrate(ctx)
		case "ask":
			table, err = s.Ask(ctx)
		default:
			r.Few, r.Many, err = s.RunFleets(ctx)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", group, err)
		}
		if table.ID != "" {
			r.Tables[table.ID] = table
		}
	}
	r.Facts = append(r.Facts, [2]string{"load averages before and after", before + "; " + machine.Load()})
	var document bytes.Buffer
	r.Write(&document)
	return document.Bytes(), nil
}
