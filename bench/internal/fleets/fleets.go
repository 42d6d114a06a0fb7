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

	"github.com/silokit/silo/bench/internal/machine"
)

// Fleet is what a process took that went through the steps with so many tenants.
type Fleet struct {
	Tenants int
	Peak    int64 // resident memory, the most of all steps, in bytes: VmHWM of proc(5)
	Files   int   // descriptors, the most that were seen
	Steps   []Step
}

// Step returns the step of a name; an empty one if there was none.
func (f Fleet) Step(name string) Step {
	for _, step := range f.Steps {
		if step.Name == name {
			return step
		}
	}
	return Step{}
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

// Run is a fleet's process, which work takes through the steps in the fleet's folder, by Do.
func Run(argument string, work func(root string, f *Fleet) error) (f Fleet, err error) {
	number, root, _ := strings.Cut(argument, ",")
	if f.Tenants, err = strconv.Atoi(number); err != nil || root == "" {
		return f, fmt.Errorf("the argument of a fleet is %q", argument)
	}
	most := machine.WatchFiles()
	defer func() { f.Files = most() }()
	err = work(root, &f)
	return f, err
}
