package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// sharing returns another descriptor of the open file that has the locks of an operation under way.
func sharing(path string) (int, error) {
	files, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		var fd int
		if of, err := os.Readlink(file); err != nil || of != path {
			continue
		}
		if _, err := fmt.Sscan(filepath.Base(file), &fd); err != nil {
			return 0, err
		}
		return syscall.Dup(fd)
	}
	return 0, errors.New("nobody has it open")
}

// As a process that is being started has it, until it runs its program.
func TestALockEndsThoughItsFileIsOpenElsewhere(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	if w.byFile() {
		t.Skip("this kernel has no locks of open files")
	}
	acme, shared := tenanttest.ID(t, "acme"), 0
	_, err := w.m.Create(t.Context(), creation{ID: acme, Seed: func(context.Context, *tenant.DB) (err error) {
		shared, err = sharing(w.lock("_all"))
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Close(shared); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it is not waited for
	defer cancel()
	if _, err := w.m.Backup(ctx, acme, lifecycle.BackupOptions{}); err != nil {
		t.Error(err)
	}
}
