//go:build unix

package dev

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"testing"
	"time"
)

// onWrite is called when a command prints something.
type onWrite func()

func (f onWrite) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

func TestACommandThatIsCancelledRemovesItsTemporaryFiles(t *testing.T) {
	// Where this test is run in the background of a script, interrupts are ignored, also by what it starts: but not
	// once somebody has asked for them.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	file := filepath.Join(t.TempDir(), "work")
	// It starts nothing once it has begun: a process that has not yet become another program misses an interrupt.
	cmd := exec.CommandContext(ctx, "sh", "-c", `trap 'rm "$0"; exit 1' INT; touch "$0"; echo begun; while :; do :; done`, file)
	cmd.Stdout = onWrite(cancel)
	if err := run(ctx, cmd, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its file: %v, want that it is not there", err)
	}
}
