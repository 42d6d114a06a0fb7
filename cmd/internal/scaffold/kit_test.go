package scaffold

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkout is where this test is compiled from: Silo, with which scaffolds are built.
func checkout(t testing.TB) Toolkit {
	t.Helper()
	found, err := Checkout(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// notes is a service like another.
func notes(t testing.TB) Service {
	t.Helper()
	return Service{Name: "notes", Module: "example.com/notes", Resolver: APIKey, Toolkit: checkout(t)}
}

func mustRender(t testing.TB, s Service) []File {
	t.Helper()
	files, err := Render(s)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// makeService writes a service into a folder that is not there.
func makeService(t testing.TB, dir string, s Service) {
	t.Helper()
	plan, err := NewPlan(dir, mustRender(t, s), Refuse)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// contents returns the files below a folder by their paths, with slashes, and the folders, whose
// text is "folder".
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		path, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if entry.IsDir() {
			found[path] = "folder"
			return nil
		}
		text, err := os.ReadFile(name)
		found[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// dependOnSilo looks at the sources that services are built with, so that go test does not take
// this run's result for that of a later one with other sources.
func dependOnSilo(t testing.TB) {
	t.Helper()
	for _, folder := range []string{"tenantdb", "schema", "internal"} {
		err := filepath.WalkDir(filepath.Join(checkout(t).Dir, folder), func(_ string, _ fs.DirEntry, err error) error { return err })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// goCommand runs the go command in a new service: without a network, and without a change of
// what the service says that it needs.
func goCommand(t testing.TB, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly", "GOWORK=off", "CGO_ENABLED=0", "PWD="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &out)
	}
}
