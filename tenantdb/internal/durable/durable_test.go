package durable_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/durable"
)

// write writes a file as anyone does.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantFiles fails unless the folder holds these files, name and content in turn,
// and nothing else.
func wantFiles(t *testing.T, folder string, namesAndContents ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry.Name(), string(content))
	}
	if !slices.Equal(got, namesAndContents) {
		t.Errorf("the folder holds %q, want %q", got, namesAndContents)
	}
}

func TestPublishGivesAFileItsName(t *testing.T) {
	folder := t.TempDir()
	temp, path := filepath.Join(folder, "temp"), filepath.Join(folder, "final")
	write(t, temp, "content")
	if err := durable.Publish(temp, path); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, folder, "final", "content")
}

func TestPublishNeverReplaces(t *testing.T) {
	for name, occupy := range map[string]func(t *testing.T, path string) error{
		"file":          func(t *testing.T, path string) error { return os.WriteFile(path, []byte("old"), 0o600) },
		"folder":        func(t *testing.T, path string) error { return os.Mkdir(path, 0o700) },
		"dangling link": func(t *testing.T, path string) error { return os.Symlink(filepath.Join(t.TempDir(), "nowhere"), path) },
		"link": func(t *testing.T, path string) error {
			target := filepath.Join(t.TempDir(), "target")
			return errors.Join(os.WriteFile(target, nil, 0o600), os.Symlink(target, path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			temp, path := filepath.Join(folder, "temp"), filepath.Join(folder, "final")
			write(t, temp, "new")
			if err := occupy(t, path); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := durable.Publish(temp, path); !errors.Is(err, fs.ErrExist) {
				t.Errorf("Publish: %v", err)
			}
			if err := durable.WriteNew(path, []byte("new")); !errors.Is(err, fs.ErrExist) {
				t.Errorf("WriteNew: %v", err)
			}
			after, err := os.Lstat(path)
			if err != nil || !os.SameFile(before, after) || after.Mode() != before.Mode() {
				t.Errorf("it is another now: %v, %v", after, err)
			}
			if content, err := os.ReadFile(temp); err != nil || string(content) != "new" {
				t.Errorf("the finished file is %q, %v", content, err)
			}
			if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
				t.Errorf("the folder holds %v, %v", entries, err)
			}
		})
	}
}

func TestPublishNeedsTheFinishedFile(t *testing.T) {
	folder := t.TempDir()
	if err := durable.Publish(filepath.Join(folder, "temp"), filepath.Join(folder, "final")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	wantFiles(t, folder)
}

func TestPublishKeepsTheFileWhereItCannotGiveItItsName(t *testing.T) {
	folder := t.TempDir()
	temp := filepath.Join(folder, "temp")
	write(t, temp, "content")
	if err := durable.Publish(temp, filepath.Join(folder, "missing", "final")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	wantFiles(t, folder, "temp", "content")
}

func TestWriteNewWritesForItsOwnerAlone(t *testing.T) {
	folder := t.TempDir()
	for _, size := range []int{0, 1, 1 << 20} {
		path := filepath.Join(folder, fmt.Sprint(size))
		content := bytes.Repeat([]byte("x"), size)
		if err := durable.WriteNew(path, content); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes are %d, %v", size, len(got), err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("its mode is %v, %v", info.Mode(), err)
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 3 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestWriteNewInAMissingFolderIsAnError(t *testing.T) {
	folder := t.TempDir()
	if err := durable.WriteNew(filepath.Join(folder, "missing", "file"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	wantFiles(t, folder)
}

func TestOfManyThatWriteNewOneWinsAndIsWhole(t *testing.T) {
	const racers, rounds = 16, 20
	for range rounds {
		folder := t.TempDir()
		path := filepath.Join(folder, "file")
		start := make(chan struct{})
		errs := make([]error, racers)
		var group sync.WaitGroup
		for i := range racers {
			group.Go(func() {
				<-start
				errs[i] = durable.WriteNew(path, bytes.Repeat([]byte{byte('a' + i)}, 100_000))
			})
		}
		close(start)
		group.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 {
			t.Fatalf("nobody wrote the file: %v", errs)
		}
		for i, err := range errs {
			if i != winner && !errors.Is(err, fs.ErrExist) {
				t.Errorf("racer %d beside the winner %d: %v", i, winner, err)
			}
		}
		wantFiles(t, folder, "file", string(bytes.Repeat([]byte{byte('a' + winner)}, 100_000)))
	}
}

func TestRemoveRemovesWhatIsThere(t *testing.T) {
	folder, other := t.TempDir(), t.TempDir()
	write(t, filepath.Join(folder, "a"), "")
	write(t, filepath.Join(folder, "kept"), "")
	write(t, filepath.Join(other, "b"), "")
	for range 2 { // the second time nothing is there
		if err := durable.Remove(filepath.Join(folder, "a"), filepath.Join(folder, "missing"), filepath.Join(other, "b")); err != nil {
			t.Fatal(err)
		}
		wantFiles(t, folder, "kept", "")
		wantFiles(t, other)
	}
	if err := durable.Remove(); err != nil {
		t.Errorf("of nothing: %v", err)
	}
}

func TestRemoveGoesOnAfterAnError(t *testing.T) {
	folder := t.TempDir()
	full, file := filepath.Join(folder, "full"), filepath.Join(folder, "file")
	if err := os.Mkdir(full, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(full, "x"), "")
	write(t, file, "")
	err := durable.Remove(full, file)
	var of *fs.PathError
	if !errors.As(err, &of) || of.Path != full {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file behind it: %v", err)
	}
}

func TestMakeDirMakesFoldersForTheirOwnerAlone(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a", "b", "c")
	for range 2 {
		if err := durable.MakeDir(path); err != nil {
			t.Fatal(err)
		}
	}
	for ; path != folder; path = filepath.Dir(path) {
		if info, err := os.Stat(path); err != nil || info.Mode() != fs.ModeDir|0o700 {
			t.Errorf("%s is %v, %v", path, info.Mode(), err)
		}
	}
}

func TestMakeDirLeavesAFolderAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(path, 0o750); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(path, "kept"), "content")
	if err := durable.MakeDir(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	wantFiles(t, path, "kept", "content")
}

func TestMakeDirInThePlaceOfAFileIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "content")
	for _, folder := range []string{path, filepath.Join(path, "below")} {
		if err := durable.MakeDir(folder); err == nil {
			t.Errorf("%s was made", folder)
		}
	}
	wantFiles(t, filepath.Dir(path), "file", "content")
}

func TestSyncDirNeedsAFolder(t *testing.T) {
	if err := durable.SyncDir(t.TempDir()); err != nil {
		t.Errorf("of a folder: %v", err)
	}
	if err := durable.SyncDir(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of none: %v", err)
	}
}

func TestMoveReplacesInOneStepAndTellsOfEachStep(t *testing.T) {
	folder, other := t.TempDir(), t.TempDir()
	from, to := filepath.Join(folder, "new"), filepath.Join(other, "name")
	write(t, from, "new")
	write(t, to, "old")
	var steps []string
	files := durable.Files{Step: func(what string) {
		steps = append(steps, what)
		if len(steps) == 1 {
			wantFiles(t, other, "name", "old")
		} else {
			wantFiles(t, other, "name", "new")
		}
	}}
	if err := files.Move(from, to); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, folder)
	wantFiles(t, other, "name", "new")
	if len(steps) != 3 {
		t.Errorf("the steps are %q", steps)
	}
	if err := files.Move(from, to); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, durable.ErrUnsure) {
		t.Errorf("of a file that is not there: %v", err)
	}
}
