package cycle

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shell is SQLite's command-line shell (https://www.sqlite.org/cli.html), or "" if there is
// none: Debian's package sqlite3.
type shell string

func findShell() shell {
	path, err := exec.LookPath("sqlite3")
	if err != nil {
		return ""
	}
	return shell(path)
}

func copyOf(path, folder string) string { return filepath.Join(folder, filepath.Base(path)) }

// each copies the databases into the folder by .backup, a process for each as in a shell's
// loop, and puts each copy on the disk.
func (sh shell) each(ctx context.Context, databases []string, folder string) error {
	for _, path := range databases {
		to := copyOf(path, folder)
		out, err := exec.CommandContext(ctx, string(sh), path, ".backup '"+to+"'").CombinedOutput()
		if err != nil {
			return fmt.Errorf("sqlite3 %s: %w: %s", path, err, out)
		}
		if err := syncAll(ctx, folder, to); err != nil {
			return err
		}
	}
	return nil
}

// once is each by one process for all databases.
func (sh shell) once(ctx context.Context, databases []string, folder string) error {
	var script strings.Builder
	var copies []string
	for _, path := range databases {
		to := copyOf(path, folder)
		fmt.Fprintf(&script, ".open '%s'\n.backup '%s'\n", path, to)
		copies = append(copies, to)
	}
	command := exec.CommandContext(ctx, string(sh), "-bail")
	command.Stdin = strings.NewReader(script.String())
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("sqlite3: %w: %s", err, out)
	}
	return syncAll(ctx, folder, copies...)
}

// empty makes the folder one without files.
func empty(ctx context.Context, folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return syncAll(ctx, filepath.Dir(folder))
}
