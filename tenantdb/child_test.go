package tenantdb_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

// children are what the tests' other processes do, to be raced with and killed.
var children = map[string]func(args []string) error{
	"resolve":       resolveMany,
	"hold":          hold,
	"holdLock":      holdLock,
	"migrateSlowly": migrateSlowly,
	"writeOn":       writeOn,
	"takeOrders":    takeOrders,
	"stress":        stress,
	"writeTogether": writeTogether,
	"createOn":      createOn,
	"writeOnly":     writeOnly,
	"writeInTurns":  writeInTurns,
}

func TestMain(m *testing.M) { childtest.Main(m, children, systemChildren) }

// child is another process.
type child struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	err strings.Builder
}

func startChild(t *testing.T, name string, args ...string) *child {
	t.Helper()
	c := startChildIn(t, nil, name, args...)
	if c == nil {
		t.Fatal("the child did not start")
	}
	return c
}

// startChildIn starts a child with attributes that the system may refuse; then it
// returns nil.
func startChildIn(t *testing.T, attributes *syscall.SysProcAttr, name string, args ...string) *child {
	t.Helper()
	c := &child{Cmd: childtest.Command(name, args...)}
	c.SysProcAttr = attributes
	c.Stderr = &c.err
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.in, c.out = in, bufio.NewScanner(out)
	if err := c.Start(); err != nil {
		t.Logf("starting a child: %v", err)
		return nil
	}
	return c
}

// line waits for the child's next line.
func (c *child) line(t *testing.T) string {
	t.Helper()
	if !c.out.Scan() {
		t.Fatalf("the child ended: %v, %s", c.Wait(), c.err.String())
	}
	return c.out.Text()
}

// finish lets the child end, by the end of its input, and reports its failure.
func (c *child) finish(t *testing.T) {
	t.Helper()
	_ = c.in.Close()
	for c.out.Scan() {
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the child: %v, %s", err, c.err.String())
	}
}

// waitForInput waits until the parent lets the child go on.
func waitForInput() { _, _ = bufio.NewReader(os.Stdin).ReadString('\n') }

// patience is for how long calls wait for one another where how long that may be is not what a
// test is about. Processes that write at once are not served in order, and any of them may be
// without a processor for seconds.
const patience = time.Minute

// childStore opens the folder in a child.
func childStore[S tenantdb.TenantSchema](folder string) (*tenantdb.Dir, *tenantdb.Store[S], error) {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder, Wait: patience})
	if err != nil {
		return nil, nil, err
	}
	store, err := tenantdb.OpenStore[S](context.Background(), dir)
	return dir, store, err
}

// childTenant resolves a tenant in a child.
func childTenant[S tenantdb.TenantSchema](store *tenantdb.Store[S], name string) (context.Context, *tenantdb.TenantDB[S], error) {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		return nil, nil, err
	}
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Resolve(ctx)
	return ctx, db, err
}
