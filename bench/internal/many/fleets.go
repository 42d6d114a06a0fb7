package many

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
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// Fleet is what a process took that migrated so many tenants, asked how they stand, asked all of
// them, and summed them up.
type Fleet struct {
	Tenants int
	Peak    int64 // resident memory, the most of all steps, in bytes
	Files   int   // descriptors, the most that were seen
	Steps   []Step
}

// RunFleets measures fleets of both sizes, in turn, each in a process of its own: this program
// with the argument that RunFleet takes.
func (s Setting) RunFleets(ctx context.Context) (few, many []Fleet, err error) {
	for round := range s.Fleets {
		for _, tenants := range []int{s.Few, s.Many} {
			s.Say("  a fleet of %d tenants, round %d", tenants, round+1)
			f, err := s.fleet(ctx, tenants)
			if err != nil {
				return nil, nil, fmt.Errorf("a fleet of %d: %w", tenants, err)
			}
			if tenants == s.Few {
				few = append(few, f)
			} else {
				many = append(many, f)
			}
		}
	}
	return few, many, nil
}

func (s Setting) fleet(ctx context.Context, tenants int) (f Fleet, err error) {
	program, err := os.Executable()
	if err != nil {
		return f, err
	}
	root := filepath.Join(s.Dir, "fleet")
	defer func() { err = errors.Join(err, os.RemoveAll(root)) }()
	path, migrations := filepath.Join(root, "data"), filepath.Join(root, "schema")
	// What making the tenants takes is not what is measured, so this process does it.
	if err := errors.Join(writeSchema(migrations), populate(ctx, path, tenants, entries)); err != nil {
		return f, err
	}
	command := exec.CommandContext(ctx, program, "-fleet", fmt.Sprint(tenants, ",", root))
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(out, &f)
}

// entries is how many rows a tenant of a fleet has to be summed up.
const entries = 1

// RunFleet is a fleet's process. The argument is the number of tenants, a comma, and the
// folder with the data and the migrations.
func RunFleet(ctx context.Context, argument string) (f Fleet, err error) {
	number, root, _ := strings.Cut(argument, ",")
	if f.Tenants, err = strconv.Atoi(number); err != nil || root == "" {
		return f, fmt.Errorf("the argument of a fleet is %q", argument)
	}
	most := machine.WatchFiles()
	defer func() { f.Files = most() }()
	data := filepath.Join(root, "data")
	if err := f.operate(ctx, data, filepath.Join(root, "schema")); err != nil {
		return f, err
	}
	return f, f.serve(ctx, data)
}

// operate does what operators do, with the migrations of a folder.
func (f *Fleet) operate(ctx context.Context, data, migrations string) error {
	w, err := open(ctx, data, migrations)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(*pace) error
	}{
		{"migrate", func(p *pace) error { return w.migrate(ctx, p) }},
		{"status, as seen", func(*pace) error { return w.status(ctx, f.Tenants, fleet.AsSeen) }},
		{"status, with a look at each file", func(*pace) error { return w.status(ctx, f.Tenants, fleet.LookAtFiles) }},
		{"ask all", func(p *pace) error { return w.ask(ctx, f.Tenants, p) }},
		{"open each", func(p *pace) error {
			return fleet.Each(ctx, w.store, fleet.Options{Catalog: w.catalog, Progress: p.step}, func(context.Context, *tenantdb.TenantDB[tenantdb.RuntimeSchema]) error { return nil })
		}},
	} {
		if err := f.add(step.name, step.do); err != nil {
			return errors.Join(err, w.close())
		}
	}
	return w.close()
}

// serve does what a service does, which is of the release before the migrations.
func (f *Fleet) serve(ctx context.Context, data string) error {
	w, err := serve(ctx, data)
	if err != nil {
		return err
	}
	err = f.add("sum all up", func(p *pace) error { return w.rollUp(ctx, fleet.Options{Progress: p.step}) })
	if err == nil {
		err = f.add("ask "+RolledUp, func(*pace) error { return w.rolledUp(ctx, f.Tenants, entries) })
	}
	return errors.Join(err, w.close())
}

// add does a step, and adds what it took.
func (f *Fleet) add(name string, do func(*pace) error) error {
	step, err := measured(name, do)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f.Steps = append(f.Steps, step)
	f.Peak = max(f.Peak, step.Peak)
	return nil
}

// migrate migrates all.
func (w *world) migrate(ctx context.Context, p *pace) error {
	_, err := fleet.Migrate(ctx, w.store, w.catalog, fleet.MigrateOptions{Result: func(r fleet.Result) { p.took = append(p.took, float64(r.Took)) }})
	return err
}

// status asks how all stand, and holds that they are current.
func (w *world) status(ctx context.Context, want int, verify fleet.Verify) error {
	current := 0
	for one, err := range fleet.Status(ctx, w.store, w.catalog, fleet.StatusOptions{Verify: verify}) {
		if err != nil {
			return err
		}
		if one.State == fleet.Current && one.Version == head {
			current++
		}
	}
	if current != want {
		return fmt.Errorf("%d tenants are current, of %d", current, want)
	}
	return nil
}

func (w *world) ask(ctx context.Context, want int, p *pace) error {
	answers := 0
	for row, err := range fleet.Query(ctx, w.store, fleet.Options{Catalog: w.catalog, Progress: p.step}, "SELECT count(*) FROM notes") {
		if err != nil {
			return err
		}
		answers += len(row.Values)
	}
	if answers != want {
		return fmt.Errorf("%d tenants have answered, of %d", answers, want)
	}
	return nil
}
