package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// Options says what to run.
type Options struct {
	// Module is the folder of go.mod. Files in it are watched.
	Module string

	// Package is the program, as go build takes it in the current folder.
	Package string

	// Args are those of the program.
	Args []string

	// Generate generates, and returns the paths of the files that it has written. Nil is for nothing
	// to generate. It is called in each round, so it must be fast when nothing has changed.
	Generate func(context.Context) ([]string, error)

	// Explain prints an error of Generate. Nil prints its text.
	Explain func(io.Writer, error)

	// Watch says how changes of files are found. The default is by what the system tells.
	Watch Watch

	// Quiet is for how long nothing must change before a round begins. 0 is 100 ms.
	Quiet time.Duration

	// Grace is how long the program may take to end when it is asked to, before it is killed. 0 is 10 s.
	Grace time.Duration

	// Stdout and Stderr are the program's. Errors and what is done are printed to Stderr.
	Stdout, Stderr io.Writer

	// Terminal says what Stderr is.
	Terminal Terminal
}

// longest is for how long changes are waited for that do not end, as a multiple of Quiet.
const longest = 20

// loop is one call of [Run].
type loop struct {
	Options
	tree    *tree
	watcher *watcher
	builder *builder
	screen  *screen
	files   snapshot // of the last round

	running *process // nil when no program was started or it has ended
	runs    *binary  // what was started last
}

// Run builds and runs the program, anew after each change, until ctx ends. Then the program is asked to end, and Run returns nil
// when it has, or was killed. An error means that it could not begin, or not clean up. That sources are wrong is shown and waited
// out.
func Run(ctx context.Context, options Options) (err error) {
	// Linux ends children with the thread that has started them, so it may not be one that the runtime ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if options.Quiet == 0 {
		options.Quiet = 100 * time.Millisecond
	}
	if options.Grace == 0 {
		options.Grace = 10 * time.Second
	}
	if options.Explain == nil {
		options.Explain = func(w io.Writer, err error) { fmt.Fprintln(w, err) }
	}
	// The go command tells of folders without links.
	if options.Module, err = filepath.EvalSymlinks(options.Module); err == nil {
		options.Module, err = filepath.Abs(options.Module)
	}
	if err != nil {
		return err
	}
	name, err := programName(ctx, options.Package)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	folder, release, err := newFolder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	l := &loop{Options: options, tree: &tree{root: options.Module}, screen: &screen{out: options.Stderr, terminal: options.Terminal}}
	l.builder = &builder{Options: &l.Options, tree: l.tree, folder: folder, name: name}
	l.watcher = newWatcher(l.tree, options.Watch)
	defer l.watcher.close()
	if l.watcher.polls != nil {
		l.screen.say("looking for changes each second, for the system does not tell of them: %v", l.watcher.polls)
	}
	defer l.stop()
	l.screen.say("building %s", name) // the first time may take long
	for l.files = (snapshot{}); ; {
		now := l.tree.scan()
		changed := l.files.changed(now)
		l.files = now
		l.round(ctx, changed)
		if !l.wait(ctx) {
			return nil
		}
	}
}

// round builds what has changed and starts it. What goes wrong is shown: whatever it is, the next change may mend it.
func (l *loop) round(ctx context.Context, changed []string) {
	begun := time.Now()
	built, err := l.builder.build(ctx, changed, l.files)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		l.fail(err)
		return
	}
	l.screen.mend()
	if l.running != nil && l.runs.sum == built.sum {
		err = os.RemoveAll(filepath.Dir(built.path))
	} else {
		err = l.restart(built, time.Since(begun))
	}
	if err != nil {
		l.fail(err)
	}
}

// fail shows an error, and what becomes of the program.
func (l *loop) fail(err error) {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{func(w io.Writer) { fmt.Fprintln(w, "silo:", err) }}
	}
	l.screen.fail(f.show)
	if l.running != nil {
		l.screen.say("%s goes on as it was built before", l.builder.name)
	} else {
		l.screen.say("waiting for a change")
	}
}

// restart ends the program and starts another.
func (l *loop) restart(built *binary, took time.Duration) error {
	l.stop()
	if l.runs != nil {
		if err := os.RemoveAll(filepath.Dir(l.runs.path)); err != nil {
			return err
		}
	}
	cmd := exec.Command(built.path, l.Args...) //nolint:gosec,noctx // it is ended by stop, gently at first
	cmd.Stdout, cmd.Stderr = l.Stdout, l.Stderr
	l.runs = built
	l.screen.say("built in %.1fs, starting %s", took.Seconds(), l.builder.name)
	started, err := start(cmd)
	if err == nil {
		l.running = started
	}
	return err
}

// stop ends the program, if it runs.
func (l *loop) stop() {
	if l.running != nil {
		l.running.stop(l.Grace)
		l.running = nil
	}
}

// wait returns when files have changed, or false when ctx has ended. It tells when the program ends by itself.
func (l *loop) wait(ctx context.Context) bool {
	for {
		var ended chan struct{}
		if l.running != nil {
			ended = l.running.ended
		}
		select {
		case <-ctx.Done():
			return false
		case <-ended:
			l.screen.say("%s has ended (%v); waiting for a change", l.builder.name, l.running.cmd.ProcessState)
			l.stop() // what it has left
		case <-l.watcher.changes:
			settle(ctx, l.watcher.changes, l.Quiet, longest*l.Quiet)
			if len(l.files.changed(l.tree.scan())) > 0 {
				return true
			}
		}
	}
}
