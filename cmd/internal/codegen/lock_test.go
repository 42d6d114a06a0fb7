package codegen

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestARunWaitsForAnotherAlsoThroughALink(t *testing.T) {
	project, link := t.TempDir(), filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(project, link); err != nil {
		t.Fatal(err)
	}
	t.Chdir(project)
	for _, config := range []string{filepath.Join(project, "sqlc.yaml"), filepath.Join(link, "sqlc.yaml"), "sqlc.yaml"} {
		unlock, err := Lock(t.Context(), filepath.Join(project, "sqlc.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*lockInterval)
		if _, _, err := Generate(ctx, Options{Config: config}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: the error is %v, want that the wait took too long", config, err)
		}
		cancel()
		// The other run writes what the waiting one has to see: a configuration that is
		// wrong in another way than being absent.
		ended := make(chan error)
		go func() {
			_, _, err := Generate(t.Context(), Options{Config: config})
			ended <- err
		}()
		written := os.WriteFile(filepath.Join(project, "sqlc.yaml"), []byte("version: \"1\"\n"), 0o644)
		if err := errors.Join(written, unlock()); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err == nil || errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the error is %v, want one of the configuration that was written meanwhile", config, err)
		}
		if err := os.Remove(filepath.Join(project, "sqlc.yaml")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatCannotBeLockedIsAsIfThereWereNoLock(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", filepath.Join(os.DevNull, "cache"))
	config := filepath.Join(t.TempDir(), "nowhere", "sqlc.yaml")
	if _, _, err := Generate(t.Context(), Options{Config: config}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error is %v, want that there is no configuration", err)
	}
}

func TestWhatHasNotBeenUsedForLongIsRemoved(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{"stage-old": 2 * time.Hour, "stage-new": 0, "other-old": 2 * time.Hour} {
		place := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Join(place, "inside"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(place, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	removeOlder(dir, "stage-*", time.Hour)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "other-old"), filepath.Join(dir, "stage-new")}
	if len(left) != 2 || left[0] != want[0] || left[1] != want[1] {
		t.Errorf("left are %v, want %v", left, want)
	}
}
