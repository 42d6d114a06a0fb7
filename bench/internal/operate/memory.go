package operate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// Memory measures how much the process grows for each tenant that is open and idle. For
// each contender that can run ten statements that read, a process of its own opens the
// tenants, so that nothing else is in the figures; it is this program, with an argument
// that has it call [Measure]. Wall of the samples is bytes.
func (s Setting) Memory(ctx context.Context, times int) (Table, error) {
	table := Table{ID: "memory"}
	rows := []*Row{
		{ID: "read", Title: "ten statements that read were run", Samples: map[string][]measure.Sample{}},
		{ID: "write", Title: "and one that writes", Samples: map[string][]measure.Sample{}},
	}
	program, err := os.Executable()
	if err != nil {
		return table, err
	}
	for _, c := range s.Contenders {
		if c.OneFile || c.Bare || c.Name == contend.Zombiezen.Name {
			continue // no generated code that has ten statements that read
		}
		s.Say("  memory of %s", c.Name)
		table.Order = append(table.Order, c.Name)
		dir := s.Dir + "/memory"
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return table, err
		}
		if err := prepareMemory(ctx, c, dir, s.Limit); err != nil {
			return table, err
		}
		for range times {
			for _, row := range rows {
				out, err := exec.CommandContext(ctx, program, "-memory", strings.Join([]string{c.Name, row.ID, strconv.Itoa(s.Limit), dir}, ",")).Output()
				if err != nil {
					return table, fmt.Errorf("memory of %s: %w", c.Name, err)
				}
				grown, err := strconv.ParseFloat(string(bytes.TrimSpace(out)), 64)
				if err != nil {
					return table, err
				}
				row.Samples[c.Name] = append(row.Samples[c.Name], measure.Sample{Wall: grown})
			}
		}
	}
	for _, row := range rows {
		table.Rows = append(table.Rows, *row)
	}
	return table, nil
}

// memoryRows is how many rows tenants have whose memory is measured.
const memoryRows = 100

func prepareMemory(ctx context.Context, c contend.Contender, dir string, n int) error {
	tenants, err := c.Open(ctx, contend.Options{Schema: contend.Product, Dir: dir, Rows: memoryRows, MaxOpen: 1})
	if err != nil {
		return err
	}
	return errors.Join(tenants.Prepare(ctx, n), tenants.Close())
}

// Measure does what Memory's argument says: contender, row, number of tenants and folder.
// It returns by how many bytes the process has grown for each tenant.
func Measure(ctx context.Context, argument string) (float64, error) {
	fields := strings.SplitN(argument, ",", 4)
	if len(fields) != 4 {
		return 0, fmt.Errorf("memory: the argument is %q", argument)
	}
	n, err := strconv.Atoi(fields[2])
	if err != nil {
		return 0, err
	}
	contenders, _ := contend.All()
	for _, c := range contenders {
		if c.Name == fields[0] {
			return measureMemory(ctx, c, fields[1] == "write", n, fields[3])
		}
	}
	return 0, fmt.Errorf("memory: no contender %q", fields[0])
}

//revive:disable-next-line:flag-parameter // the two rows of one table
func measureMemory(ctx context.Context, c contend.Contender, write bool, n int, dir string) (grown float64, err error) {
	tenants, err := c.Open(ctx, contend.Options{Schema: contend.Product, Dir: dir, Rows: memoryRows, MaxOpen: n})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, tenants.Close()) }()
	if err := tenants.Prepare(ctx, n); err != nil {
		return 0, err
	}
	use := func(i int) error {
		t, err := tenants.Tenant(ctx, i)
		if err != nil {
			return err
		}
		if err := t.(contend.Reader).ReadTen(); err != nil || !write {
			return err
		}
		return t.Update(i)
	}
	const warm = 5 // what the first ones take is not theirs alone
	for i := range warm {
		if err := use(i); err != nil {
			return 0, err
		}
	}
	before, err := residentBytes()
	if err != nil {
		return 0, err
	}
	for i := warm; i < n; i++ {
		if err := use(i); err != nil {
			return 0, err
		}
	}
	after, err := residentBytes()
	return (after - before) / float64(n-warm), err
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
