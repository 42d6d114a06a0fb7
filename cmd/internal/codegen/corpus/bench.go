package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Options says what to try and with what.
type Options struct {
	// Root is the folder of the corpus.
	Root string
	// Silo is a program that is silo, and sqlc when its first argument asks for it.
	Silo string
	// Checkout is the folder of Silo's module, which generated code is compiled with.
	Checkout string
	// Progress is told what is done. It may be nil.
	Progress io.Writer
	// Seed decides the rows and arguments.
	Seed uint64
	// Workers is how many units are tried at the same time.
	Workers int
	// Keep is a folder for the module of generated code, to be looked at afterwards. When
	// empty a temporary one is used.
	Keep string
}

// bench is one run over a corpus.
type bench struct {
	Options
	temp string
	mu   sync.Mutex // of Progress
}

// Run tries every unit of a corpus.
func Run(ctx context.Context, options Options) (report *Report, err error) {
	if options.Root, err = filepath.Abs(options.Root); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "silo-corpus-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if options.Keep == "" {
		options.Keep = filepath.Join(temp, "module")
	}
	b := &bench{Options: options, temp: temp}
	units, skipped, err := Find(options.Root)
	if err != nil {
		return nil, err
	}
	report = &Report{Skipped: skipped}
	trials := make([]*trial, len(units))
	for n, u := range units {
		pkg := fmt.Sprintf("u%04d", n)
		trials[n] = &trial{unit: u, queries: u.named(), project: &project{
			unit: u, pkg: pkg, dir: filepath.Join(options.Keep, pkg), options: newOptions(u, u.packageName(), moduleName+"/"+pkg+".Migrations"),
		}}
	}
	// What fails from here on is said in the report, which is made of the rest.
	b.each(ctx, trials, b.try)
	b.say("compiling")
	report.fail(b.compile(ctx, trials))
	b.say("running")
	report.fail(b.compareAll(ctx, trials))
	b.each(ctx, trials, b.findRunnable)
	report.fail(ctx.Err())
	for _, t := range trials {
		if t.unit.guessed && !t.handled() {
			report.Skipped = append(report.Skipped, Skipped{Path: t.unit.Name, Reason: "it has no configuration, and sqlc reads no query of it as SQLite's"})
			continue
		}
		report.add(t)
	}
	return report, nil
}

const moduleName = "corpus.test"

// trial is a unit with its queries and where their code goes.
type trial struct {
	unit    *Unit
	queries []*Query
	project *project
}

func (t *trial) handled() bool {
	for _, q := range t.queries {
		if q.Handled {
			return true
		}
	}
	return false
}

// try has sqlc and Silo generate one unit.
func (b *bench) try(ctx context.Context, t *trial) error {
	if err := b.baseline(ctx, t.unit, t.queries); err != nil {
		return fmt.Errorf("%s: plain sqlc: %w", t.unit.Name, err)
	}
	if err := b.generate(ctx, t.project, t.queries); err != nil {
		return fmt.Errorf("%s: %w", t.unit.Name, err)
	}
	return nil
}

// each does something for every trial, on all workers. An error is one of this program
// or machine, and the unit is given up; what a unit does wrong is in the unit.
func (b *bench) each(ctx context.Context, trials []*trial, do func(context.Context, *trial) error) {
	work := make(chan *trial)
	var workers sync.WaitGroup
	for range max(b.Workers, 1) {
		workers.Go(func() {
			for t := range work {
				if err := do(ctx, t); err != nil {
					t.giveUp(err)
				}
				b.say("%s: %d queries", t.unit.Name, len(t.queries))
			}
		})
	}
	for _, t := range trials {
		if ctx.Err() != nil {
			break
		}
		work <- t
	}
	close(work)
	workers.Wait()
}

// giveUp takes a unit out with which this program failed. Its code would keep that of
// others from being compiled.
func (t *trial) giveUp(err error) {
	for _, q := range t.queries {
		if q.Class == Accepted {
			q.judge(NotTried, err.Error())
		}
	}
	if err := os.RemoveAll(t.project.dir); err != nil {
		t.unit.note("remove its code: %v", err)
	}
}

// say prints a line of progress.
func (b *bench) say(format string, args ...any) {
	if b.Progress == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	fmt.Fprintf(b.Progress, format+"\n", args...)
}
