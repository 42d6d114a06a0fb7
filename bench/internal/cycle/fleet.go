package cycle

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
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// Fleet is what a process took that made so many tenants, opened each, backed them up and
// listed them.
type Fleet struct {
	Tenants                        int
	Peak                           int64 // resident memory, in bytes: VmHWM of proc(5)
	Files                          int   // descriptors, the most that were seen
	Create, Open, Back, List, Look time.Duration
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
	path := filepath.Join(s.Dir, "fleet")
	defer func() { err = errors.Join(err, os.RemoveAll(path)) }()
	command := exec.CommandContext(ctx, program, "-fleet", fmt.Sprint(tenants, ",", path))
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(out, &f)
}

// RunFleet is a fleet's process. The argument is the number of tenants, a comma, and the
// new folder that they are in.
func RunFleet(ctx context.Context, argument string) (f Fleet, err error) {
	number, path, _ := strings.Cut(argument, ",")
	if f.Tenants, err = strconv.Atoi(number); err != nil || path == "" {
		return f, fmt.Errorf("the argument of a fleet is %q", argument)
	}
	most := machine.WatchFiles()
	defer func() { f.Files = most() }()
	w, err := open(ctx, path, lifecycle.Options{})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	for _, step := range []struct {
		took *time.Duration
		do   func() error
	}{
		{&f.Create, func() error { return w.createAll(ctx, f.Tenants) }},
		{&f.Open, func() error { return w.openAll(ctx) }},
		{&f.Back, func() error { return backUpAll(ctx, w.manager) }},
		{&f.List, func() error { return w.listAll(ctx, f.Tenants) }},
		{&f.Look, func() error { return w.lookAtAll(ctx) }},
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

func (w *world) createAll(ctx context.Context, n int) error {
	for range n {
		if _, err := w.create(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) openAll(ctx context.Context) error {
	for _, id := range w.ids {
		if err := w.read(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// listAll lists the tenants and the backups, of which there is one each.
func (w *world) listAll(ctx context.Context, want int) error {
	tenants, backups := 0, 0
	for _, err := range w.catalog.List(ctx, catalog.Filter{}) {
		if err != nil {
			return err
		}
		tenants++
	}
	for _, err := range w.manager.Backups(ctx, tenantdb.ID{}) {
		if err != nil {
			return err
		}
		backups++
	}
	if tenants != want || backups != want {
		return fmt.Errorf("%d tenants and %d backups are listed, of %d", tenants, backups, want)
	}
	return nil
}

func (w *world) lookAtAll(ctx context.Context) error {
	for finding, err := range w.manager.Doctor(ctx, lifecycle.DoctorOptions{}) {
		if err != nil {
			return err
		}
		return fmt.Errorf("Doctor finds: %s %s: %s", finding.Kind, finding.Path, finding.Problem)
	}
	return nil
}
