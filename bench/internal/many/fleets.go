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
	"time"

	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// Fleet is what a process took that migrated so many tenants, asked how they stand, and asked
// all of them.
type Fleet struct {
	Tenants                              int
	Peak                                 int64         // resident memory, in bytes: VmHWM of proc(5)
	Files                                int           // descriptors, the most that were seen
	Migrate, Status, Verify, Query, Each time.Duration // all tenants
	P99                                  time.Duration // of the migration of one tenant
}

// Fleets measures fleets of both sizes, in turn, each in a process of its own: this program
// with the argument that RunFleet takes.
func (s Setting) Fleets(ctx context.Context, rounds int) (few, many []Fleet, err error) {
	for round := range rounds {
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
	if err := errors.Join(writeSchema(migrations), populate(ctx, path, tenants, 0)); err != nil {
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

// RunFleet is a fleet's process. The argument is the number of tenants, a comma, and the
// folder with the data and the migrations.
func RunFleet(ctx context.Context, argument string) (f Fleet, err error) {
	number, root, _ := strings.Cut(argument, ",")
	if f.Tenants, err = strconv.Atoi(number); err != nil || root == "" {
		return f, fmt.Errorf("the argument of a fleet is %q", argument)
	}
	most := machine.WatchFiles()
	defer func() { f.Files = most() }()
	w, err := open(ctx, filepath.Join(root, "data"), filepath.Join(root, "schema"))
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	for _, step := range []struct {
		took *time.Duration
		do   func() error
	}{
		{&f.Migrate, func() (err error) { f.P99, err = w.migrate(ctx); return err }},
		{&f.Status, func() error { return w.status(ctx, f.Tenants, fleet.AsSeen) }},
		{&f.Verify, func() error { return w.status(ctx, f.Tenants, fleet.LookAtFiles) }},
		{&f.Query, func() error { return w.ask(ctx, f.Tenants) }},
		{&f.Each, func() error {
			return fleet.Each(ctx, w.store, fleet.Options{Catalog: w.catalog}, func(context.Context, *tenantdb.TenantDB[tenantdb.RuntimeSchema]) error { return nil })
		}},
	} {
		began := time.Now()
		if err := step.do(); err != nil {
			return f, err
		}
		*step.took = time.Since(began)
	}
	f.Peak, err = machine.Peak()
	return f, err
}

// migrate migrates all, and returns how long the slowest but one in a hundred took.
func (w *world) migrate(ctx context.Context) (time.Duration, error) {
	var took []float64
	_, err := fleet.Migrate(ctx, w.store, w.catalog, fleet.MigrateOptions{Result: func(r fleet.Result) { took = append(took, float64(r.Took)) }})
	return time.Duration(measure.Percentile(took, 0.99)), err
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

func (w *world) ask(ctx context.Context, want int) error {
	answers := 0
	for row, err := range fleet.Query(ctx, w.store, fleet.Options{Catalog: w.catalog}, "SELECT count(*) FROM notes") {
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
