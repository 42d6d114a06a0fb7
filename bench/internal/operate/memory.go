package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// idleFor is how long the tenants are not used before they count as idle: after five
// seconds Silo has them rest.
const idleFor = 6 * time.Second

// memoryRows is how many rows tenants have whose memory is measured.
const memoryRows = 100

// load is what is done to each tenant whose memory is measured.
type load struct {
	id, title string
	schema    contend.Schema
	do        func(t contend.Tenant, i int) error
}

var loads = []load{
	{"read", "product, ten statements that read were run", contend.Product, readTen},
	{"write", "product, and one that writes", contend.Product, func(t contend.Tenant, i int) error {
		return errors.Join(readTen(t, i), t.Update(i))
	}},
	{"fleet", "fleet, four statements that read and three that write", contend.Fleet, func(t contend.Tenant, i int) error {
		_, err := t.Count()
		return errors.Join(t.Point(i), t.Text(i), t.List(10), err, t.Insert(i), t.Update(i), t.Upsert(i))
	}},
}

func readTen(t contend.Tenant, _ int) error { return t.(contend.Reader).ReadTen() }

// can reports whether the contender has files of tenants and generated code for the load.
func (l load) can(c contend.Contender) bool {
	hasTen := c.Name != contend.Zombiezen.Name // by hand
	return !c.OneFile && !c.Bare && c.Knows(l.schema) && (hasTen || l.schema == contend.Fleet)
}

// Memory measures how much the process grows for each tenant that is open. For each
// contender and load a process of its own opens the tenants, so that nothing else is in the
// figures; it is this program, with an argument that has it call [Measure]. Wall of the
// samples is bytes: of tenants that were just used, and, with "idle" behind the row's ID, of
// tenants that were not for some seconds. Only the last process waits for these.
func (s Setting) Memory(ctx context.Context, times int) (Table, error) {
	table := Table{ID: "memory"}
	for _, l := range loads {
		used := Row{ID: l.id, Title: l.title, Samples: map[string][]measure.Sample{}}
		idle := Row{ID: l.id + " idle", Title: fmt.Sprintf("the same, and nothing for %v", idleFor), Samples: map[string][]measure.Sample{}}
		for _, c := range s.Contenders {
			if !l.can(c) {
				continue
			}
			s.Say("  memory of %s, %s", c.Name, l.id)
			if !slices.Contains(table.Order, c.Name) {
				table.Order = append(table.Order, c.Name)
			}
			dir := s.Dir + "/memory-" + string(l.schema)
			if err := prepareMemory(ctx, c, l, dir, s.Many); err != nil {
				return table, err
			}
			for round := range times {
				wait := time.Duration(0)
				if round == times-1 {
					wait = idleFor
				}
				grown, err := inProcess(ctx, c.Name, l.id, wait.String(), strconv.Itoa(s.Many), dir)
				if err != nil {
					return table, fmt.Errorf("memory of %s: %w", c.Name, err)
				}
				used.Samples[c.Name] = append(used.Samples[c.Name], measure.Sample{Wall: grown[0]})
				if wait > 0 {
					idle.Samples[c.Name] = append(idle.Samples[c.Name], measure.Sample{Wall: grown[1]})
				}
			}
		}
		table.Rows = append(table.Rows, used, idle)
	}
	return table, nil
}

// inProcess calls Measure in a process of its own.
func inProcess(ctx context.Context, argument ...string) (grown [2]float64, err error) {
	program, err := os.Executable()
	if err != nil {
		return grown, err
	}
	out, err := exec.CommandContext(ctx, program, "-memory", strings.Join(argument, ",")).Output()
	if err != nil {
		return grown, err
	}
	_, err = fmt.Sscan(string(out), &grown[0], &grown[1])
	return grown, err
}

func prepareMemory(ctx context.Context, c contend.Contender, l load, dir string, n int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tenants, err := c.Open(ctx, contend.Options{Schema: l.schema, Dir: dir, Rows: memoryRows, MaxOpen: 1})
	if err != nil {
		return err
	}
	return errors.Join(tenants.Prepare(ctx, n), tenants.Close())
}

// Measure does what Memory's argument says: contender, load, how long to wait, number of
// tenants and folder. It returns by how many bytes the process has grown for each tenant,
// and by how many when it has waited.
func Measure(ctx context.Context, argument string) (used, idle float64, err error) {
	fields := strings.SplitN(argument, ",", 5)
	if len(fields) != 5 {
		return 0, 0, fmt.Errorf("memory: the argument is %q", argument)
	}
	wait, err1 := time.ParseDuration(fields[2])
	n, err2 := strconv.Atoi(fields[3])
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, err
	}
	contenders, _ := contend.All()
	for _, c := range contenders {
		for _, l := range loads {
			if c.Name == fields[0] && l.id == fields[1] {
				return measureMemory(ctx, c, l, wait, n, fields[4])
			}
		}
	}
	return 0, 0, fmt.Errorf("memory: no contender %q, or no load %q", fields[0], fields[1])
}

func measureMemory(ctx context.Context, c contend.Contender, l load, wait time.Duration, n int, dir string) (used, idle float64, err error) {
	tenants, err := c.Open(ctx, contend.Options{Schema: l.schema, Dir: dir, Rows: memoryRows, MaxOpen: n})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, tenants.Close()) }()
	if err := tenants.Prepare(ctx, n); err != nil {
		return 0, 0, err
	}
	use := func(from, to int) error {
		for i := from; i < to; i++ {
			t, err := tenants.Tenant(ctx, i)
			if err != nil {
				return err
			}
			if err := l.do(t, i); err != nil {
				return err
			}
		}
		return nil
	}
	const first = 5 // what they take is not theirs alone
	if err := use(0, first); err != nil {
		return 0, 0, err
	}
	before, err1 := residentBytes()
	err2 := use(first, n)
	after, err3 := residentBytes()
	if err := errors.Join(err1, err2, err3); err != nil {
		return 0, 0, err
	}
	used = (after - before) / float64(n-first)
	time.Sleep(wait)
	// Of the tenants that are idle now, the first are in before as they were when used.
	after, err = residentBytes()
	return used, (after - before + first*used) / float64(n), err
}

// residentBytes returns how much memory the process has, once the heap has given back what
// it can: proc(5), statm.
func residentBytes() (float64, error) {
	debug.FreeOSMemory()
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(content))
	if len(fields) < 2 {
		return 0, errors.New("memory: statm has no second field")
	}
	pages, err := strconv.Atoi(fields[1])
	return float64(pages * os.Getpagesize()), err
}
