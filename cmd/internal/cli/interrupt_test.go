package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestAnInterruptSaysThatNothingWasWritten(t *testing.T) {
	config := filepath.Join(t.TempDir(), "sqlc.yaml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	root := newRoot()
	root.SetArgs([]string{"generate", "-f", config})
	var said bytes.Buffer
	if code := exitCode(root.ExecuteContext(ctx), &said); code != exitError {
		t.Errorf("the exit code is %d, want %d", code, exitError)
	}
	if got, want := said.String(), "silo: interrupted; nothing was written\n"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}
