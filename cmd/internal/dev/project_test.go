package dev

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a program and the loop around it print. Tests wait for what they expect.
type output struct {
	mu      sync.Mutex // guards what follows
	text    bytes.Buffer
	written chan struct{} // closed when more is written
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.written != nil {
		close(o.written)
		o.written = nil
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// after waits until a text is printed behind an offset, and returns the offset behind it.
func (o *output) after(t *testing.T, offset int, want string) int {
	t.Helper()
	timeout := time.After(5 * time.Minute) // for builds on a machine that is busy with others
	for {
		o.mu.Lock()
		text := o.text.String()
		if o.written == nil {
			o.written = make(chan struct{})
		}
		written := o.written
		o.mu.Unlock()
		if at := strings.Index(text[offset:], want); at >= 0 {
			return offset + at + len(want)
		}
		select {
		case <-written:
		case <-timeout:
			t.Fatalf("%q was not printed behind %q", want, text)
		}
	}
}

// program says which version it is, and that it ends when it is asked to.
const program = `package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"example.com/app/gen"
)

func main() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	fmt.Printf("version %s %q pid=%d;\n", gen.Version, os.Args[1:], os.Getpid())
	<-asked
	fmt.Println("drained", gen.Version)
}
`

// broken is what generate says of a version that it does not like.
var errBroken = errors.New("version.sql:1: there is no such column")

// world is a loop over a small program.
type world struct {
	root string
	out  *output
	end  context.CancelFunc
	done chan struct{} // closed when Run has returned
	err  error         // what it has returned
	at   int           // what was printed until here was waited for
}

// newWorld writes a program, the version of which is generated from version.sql, and runs it.
func newWorld(t *testing.T, files map[string]string, set func(*Options)) *world {
	t.Helper()
	root := t.TempDir()
	w := &world{root: root, out: &output{}, done: make(chan struct{})}
	all := map[string]string{"go.mod": "module example.com/app\n\ngo 1.26\n", "main.go": program, "version.sql": "one"}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		w.write(t, name, text)
	}
	ctx, end := context.WithCancel(context.Background())
	w.end = end
	options := Options{Module: root, Package: ".", Stdout: w.out, Stderr: w.out, Generate: w.generate, Grace: time.Minute}
	if set != nil {
		set(&options)
	}
	t.Chdir(root)
	go func() {
		defer close(w.done)
		w.err = Run(ctx, options)
	}()
	t.Cleanup(func() { w.stop(t) })
	return w
}

// generate makes Go of version.sql, as silo generate would: nothing is written that is the same already.
func (w *world) generate(context.Context) ([]string, error) {
	version, err := os.ReadFile(filepath.Join(w.root, "version.sql"))
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(version), "broken") {
		return nil, errBroken
	}
	file, code := filepath.Join(w.root, "gen", "gen.go"), fmt.Sprintf("package gen\n\nconst Version = %q\n", version)
	if was, err := os.ReadFile(file); err == nil && string(was) == code {
		return nil, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	resolved, err := filepath.EvalSymlinks(filepath.Dir(file))
	return []string{filepath.Join(resolved, "gen.go")}, errors.Join(err, os.WriteFile(file, []byte(code), 0o600))
}

// write writes a file of the program as editors do: beside, and then over the old one.
func (w *world) write(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(w.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+"~", file); err != nil {
		t.Fatal(err)
	}
}

// expect waits until a text is printed behind what was waited for before.
func (w *world) expect(t *testing.T, text string) {
	t.Helper()
	w.at = w.out.after(t, w.at, text)
}

// stop ends the loop, and expects it to end without an error.
func (w *world) stop(t *testing.T) {
	t.Helper()
	w.end()
	<-w.done
	if w.err != nil {
		t.Errorf("Run: %v", w.err)
	}
}
