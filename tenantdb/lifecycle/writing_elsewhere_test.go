package lifecycle_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

const elsewhereKey = "elsewhere"

// writeOn writes to a tenant, one setting that counts up, and says each number when it has
// been acknowledged, until its input ends.
func writeOn(args []string) error {
	w, err := childWorld(args[0], lifecycle.Options{})
	if err != nil {
		return err
	}
	id, err := tenantdb.ParseID(args[1])
	if err != nil {
		return err
	}
	over, end := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end()
	}()
	for n := 1; over.Err() == nil; {
		switch err := w.put(id, elsewhereKey, strconv.Itoa(n)); {
		case err == nil:
			fmt.Println(n)
			n++
		case !isRefusal(err):
			return err
		}
	}
	return w.dir.Close()
}

// elsewhere is a process that writes to a tenant.
type elsewhere struct {
	c     *exec.Cmd
	in    io.Closer
	heard atomic.Int64
	lines chan struct{} // one is there if a line has come since it was taken
	over  chan struct{}
}

func writeElsewhere(t *testing.T, folder, name string) *elsewhere {
	t.Helper()
	e := &elsewhere{c: childtest.Command("write on", folder, name), lines: make(chan struct{}, 1), over: make(chan struct{})}
	in, err := e.c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	e.in, e.c.Stderr = in, os.Stderr
	if err := e.c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(e.over)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
				e.heard.Store(n)
			}
			select {
			case e.lines <- struct{}{}:
			default:
			}
		}
	}()
	e.goOn(t)
	return e
}

// acked is the last number that it has said.
func (e *elsewhere) acked() int64 { return e.heard.Load() }

// goOn waits until it has written once more.
func (e *elsewhere) goOn(t *testing.T) {
	t.Helper()
	for before := e.acked(); e.acked() == before; {
		select {
		case <-e.lines:
		case <-e.over:
			t.Fatal("the other process has ended")
		}
	}
}

// found returns the last number that a tenant has of it.
func (e *elsewhere) found(t *testing.T, w world, id tenantdb.ID) int64 {
	t.Helper()
	text, err := w.get(id, elsewhereKey)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("it has %q of the other process: %v", text, err)
	}
	return n
}

// end ends it, and returns the last number that it has said.
func (e *elsewhere) end(t *testing.T) int64 {
	t.Helper()
	e.in.Close()
	<-e.over
	if err := e.c.Wait(); err != nil {
		t.Error(err)
	}
	return e.acked()
}
