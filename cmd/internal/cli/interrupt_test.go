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

func TestAnInterruptEndsDevWellWhateverItDoes(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.com/app\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	cmd := newRoot()
	cmd.SetArgs([]string{"dev"})
	var said bytes.Buffer
	cmd.SetErr(&said)
	if code := exitCode(cmd.ExecuteContext(ctx), &said); code != exitOK || said.Len() > 0 {
		t.Errorf("the exit code is %d, want %d; it says %q", code, exitOK, &said)
	}
}
