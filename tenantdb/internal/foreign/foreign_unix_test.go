//go:build unix

package foreign_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/foreign"
)

// What is at a path may become a pipe, to which nobody writes, or a link after it was looked at.
func TestWhatIsReplacedBeforeItIsOpenedIsNotWaitedForOrFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for name, replace := range map[string]func() error{
		"a pipe":       func() error { return syscall.Mkfifo(path, 0o600) },
		"a link":       func() error { return os.Symlink(os.Args[0], path) },
		"another file": func() error { return os.WriteFile(path, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := foreign.Open(path, func(string) error { return errors.Join(os.Rename(path, path+"-old"), replace()) })
			if err == nil {
				t.Error("it is open", f.Close())
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		})
	}
}
