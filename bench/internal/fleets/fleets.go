// Package fleets measures many tenants in processes of their own, one for each fleet, so that
// nothing else is in their memory: how much that grows with the number of tenants.
package fleets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/silokit/silo/bench/internal/machine"
)

// Fleet is what a process took that went through the steps with so many tenants.
type Fleet struct {
	Tenants int
	Peak    int64                    // resident memory, in bytes: VmHWM of proc(5)
	Files   int                      // descriptors, the most that were seen
	Took    map[string]time.Duration // of all tenants, by the step's name
	P99     time.Duration            // of one tenant in the step that sets it
}

// Step is something that is done with all tenants of a fleet.
type Step struct {
	Name string
	Do   func() error
}

// Plan says which fleets are measured.
type Plan struct {
	Few, Many int // tenants of the two sizes
	Dir       string
	Say       func(format string, args ...any)

	// Prepare, if not nil, makes what is not to be measured in the folder of a fleet, before its process begins.
	Prepare func(ctx context.Context, root string, tenants int) error
}

// Measure measures fleets of both sizes, in turn, each in a process of its own: this program with a
// flag -fleet, whose argument Run takes.
func (p Plan) Measure(ctx context.Context, rounds int) (few, many []Fleet, err error) {
	for round := range rounds {
		for _, tenants := range []int{p.Few, p.Many} {
			p.Say("  a fleet of %d tenants, round %d", tenants, round+1)
			f, err := p.one(ctx, tenants)
			if err != nil {
				return nil, nil, fmt.Errorf("a fleet of %d: %w", tenants, err)
			}
			if tenants == p.Few {
				few = append(few, f)
			} else {
				many = append(many, f)
			}
		}
	}
	return few, many, nil
}

func (p Plan) one(ctx context.Context, tenants int) (f Fleet, err error) {
	program, err := os.Executable()
	if err != nil {
		return f, err
	}
	root := filepath.Join(p.Dir, "fleet")
	defer func() { err = errors.Join(err, os.RemoveAll(root)) }()
	if p.Prepare != nil {
		if err := p.Prepare(ctx, root, tenants); err != nil {
			return f, err
		}
	}
	command := exec.CommandContext(ctx, program, "-fleet", Argument(tenants, root))
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(out, &f)
}

// Argument is what Run is told: the number of tenants, a comma, and the fleet's folder.
func Argument(tenants int, root string) string { return fmt.Sprint(tenants, ",", root) }

// Run is a fleet's process. begin returns the steps that it goes through, and what ends it; it may keep the Fleet,
// for a step to set more of it.
func Run(ctx context.Context, argument string, begin func(ctx context.Context, root string, f *Fleet) (steps []Step, end func() error, err error)) (f Fleet, err error) {
	number, root, _ := strings.Cut(argument, ",")
	if f.Tenants, err = strconv.Atoi(number); err != nil || root == "" {
		return f, fmt.Errorf("the argument of a fleet is %q", argument)
	}
	most := machine.WatchFiles()
	defer func() { f.Files = most() }()
	steps, end, err := begin(ctx, root, &f)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, end()) }()
	f.Took = map[string]time.Duration{}
	for _, step := range steps {
		began := time.Now()
		if err := step.Do(); err != nil {
			return f, fmt.Errorf("%s: %w", step.Name, err)
		}
		f.Took[step.Name] = time.Since(began)
	}
	f.Peak, err = machine.Peak()
	return f, err
}
