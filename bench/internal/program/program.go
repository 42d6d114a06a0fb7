// Package program is what the commands have in common that measure and write a report: their flags, the folder
// that they work in, and the order of what they measure.
package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/bench/internal/report"
)

// Program is a command that measures.
type Program struct {
	Name   string   // of its folder in bench
	Groups []string // what it measures, in order
	Short  string   // what a short run has fewer of
	Fleets int      // how many it measures of each size, where its flag says nothing else

	// Fleet is a process for one fleet, which has the argument.
	Fleet func(ctx context.Context, argument string) (fleets.Fleet, error)

	// Measure measures what the run is for, and returns the report.
	Measure func(ctx context.Context, r *Run) (Report, error)
}

// Report is a document.
type Report interface{ Write(w io.Writer) }

// Run is one call of a program.
type Run struct {
	operate.Bench // its folder is removed in the end

	Quick  bool
	Fleets int // of each size

	program    *Program
	only       []string
	silo       string // the folder of its module
	command    string
	load, date string // when it began
}

// modules are those whose versions the report names.
var modules = []string{"modernc.org/sqlite", "github.com/pressly/goose/v3"}

// Main runs the program as its flags say, and ends the process with 1 if that fails. When the process is
// told to end, or the one that has started it ends, it leaves nothing behind; a second signal ends it at once.
func (p *Program) Main() {
	ctx, _ := machine.WithParent(context.Background())
	ctx, ignore := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, ignore)
	if err := p.main(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
		os.Exit(1)
	}
}

func (p *Program) main(ctx context.Context, args []string, stdout io.Writer) error {
	r := &Run{program: p}
	flags := flag.NewFlagSet(p.Name, flag.ExitOnError)
	rounds := flags.Int("rounds", 5, "rounds that count")
	flags.IntVar(&r.Fleets, "fleets", p.Fleets, "fleets of each size")
	flags.BoolVar(&r.Quick, "quick", false, "a short run: 3 rounds at most, fewer "+p.Short)
	only := flags.String("only", strings.Join(p.Groups, ","), "groups to measure")
	flags.StringVar(&r.silo, "silo", "..", "folder of Silo's module")
	out := flags.String("out", "", "file to write the report to (default: standard output)")
	flags.StringVar(&r.command, "command", "go run ./"+p.Name+" in bench", "what the report says it was written by")
	fleet := flags.String("fleet", "", "what a process for a fleet is to do; for this program itself")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *fleet != "" {
		f, err := p.Fleet(ctx, *fleet)
		if err != nil {
			return err
		}
		return json.NewEncoder(stdout).Encode(f)
	}
	r.only = strings.Split(*only, ",")
	r.Rounds = measure.Rounds{Count: *rounds, Scale: 1}
	if r.Quick {
		r.Rounds = measure.Rounds{Count: min(*rounds, 3), Scale: 0.3}
	}
	document, err := r.measure(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w; nothing is left behind", context.Cause(ctx))
	}
	if err != nil {
		return err
	}
	if *out == "" {
		_, err := stdout.Write(document)
		return err
	}
	return report.Deliver(*out, document)
}

// measure measures in a folder that it then removes, and returns the document.
func (r *Run) measure(ctx context.Context) (_ []byte, err error) {
	began := time.Now()
	r.date, r.load = began.UTC().Format("2006-01-02 15:04 UTC"), machine.Load()
	r.Say = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}
	if r.Dir, err = os.MkdirTemp("", "silo-"+r.program.Name); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.Dir)) }()
	written, err := r.program.Measure(ctx, r)
	if err != nil {
		return nil, err
	}
	var document bytes.Buffer
	written.Write(&document)
	return document.Bytes(), nil
}

// Wants reports whether the group is to be measured.
func (r *Run) Wants(group string) bool { return slices.Contains(r.only, group) }

// Each calls f with the groups that are to be measured, in order.
func (r *Run) Each(f func(group string) error) error {
	for _, group := range r.program.Groups {
		if !r.Wants(group) {
			continue
		}
		r.Say("%s", group)
		if err := f(group); err != nil {
			return fmt.Errorf("%s: %w", group, err)
		}
	}
	return nil
}

// Head is what the document begins with, once all is measured.
func (r *Run) Head(ctx context.Context, more ...[2]string) report.Head {
	facts := append(machine.Facts(ctx, r.Dir, r.silo, modules...), more...)
	facts = append(facts, [2]string{"load averages before and after", r.load + "; " + machine.Load()})
	return report.Head{Command: r.command, Date: r.date, Facts: facts, Rounds: r.Rounds, Short: r.program.Short}
}
