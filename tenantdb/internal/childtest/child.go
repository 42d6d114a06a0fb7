package childtest

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// Child is a process that does what its function says, a line at a time: In is its input, and Line
// waits for what it prints. What it prints to standard error is in the failures of the test.
type Child struct {
	*exec.Cmd
	In  io.WriteCloser
	Out *bufio.Scanner
	err strings.Builder
}

// Start starts a child that runs Main's function of that name. It is killed when the test ends, if it is
// there still.
func Start(t testing.TB, name string, args ...string) *Child {
	t.Helper()
	c, err := Begin(Command(name, args...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait() // whoever has waited before has told of its end
	})
	return c
}

// Begin starts a command that Command has returned, whose error may be that the system refuses
// an attribute of it. Who calls it waits for the child's end.
func Begin(cmd *exec.Cmd) (*Child, error) {
	c := &Child{Cmd: cmd}
	c.Stderr = &c.err
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.In, c.Out = in, bufio.NewScanner(out)
	return c, c.Start()
}

// Line waits for the child's next line.
func (c *Child) Line(t testing.TB) string {
	t.Helper()
	if !c.Out.Scan() {
		t.Fatalf("the child ended: %v, %s", c.Wait(), &c.err)
	}
	return c.Out.Text()
}

// Finish lets the child end, by the end of its input, passes over what it says until then, and reports its failure.
func (c *Child) Finish(t testing.TB) {
	t.Helper()
	_ = c.In.Close()
	for c.Out.Scan() {
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the child: %v, %s", err, &c.err)
	}
}

// Said returns what it has printed to standard error, of a child that has ended and was waited for.
func (c *Child) Said() string { return c.err.String() }
