//go:build unix

package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/modfile"
)

// transcript is what a command prints while it runs.
type transcript struct {
	mu    sync.Mutex // guards text
	text  bytes.Buffer
	wrote chan struct{} // has one element when something was printed since it was read last
}

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

// expect waits until a text is printed, and forgets what was printed up to it.
func (s *transcript) expect(t *testing.T, want string) {
	t.Helper()
	for timeout := time.After(5 * time.Minute); ; { // for builds on a machine that is busy with others
		s.mu.Lock()
		text := s.text.String()
		at := strings.Index(text, want)
		if at >= 0 {
			s.text.Next(at + len(want))
		}
		s.mu.Unlock()
		if at >= 0 {
			return
		}
		select {
		case <-s.wrote:
		case <-timeout:
			t.Fatalf("%q was not printed, but %q", want, text)
		}
	}
}

// devProject is a program of generated code, in the project of the docs. It prints how many columns its table has.
var devProject = map[string]string{
	"sqlc.yaml":              docsProject["sqlc.yaml"],
	"schema/schema.go":       docsProject["schema/schema.go"],
	"schema/00001_notes.sql": "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY);\n\n-- +goose Down\nDROP TABLE notes;\n",
	"queries/notes.sql":      "-- name: GetNote :one\nSELECT * FROM notes WHERE id = @id;\n",
	"cmd/app/main.go": `package main

import (
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"syscall"

	"example.com/app/gen/app"
)

func main() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	fmt.Printf("%d columns %q\n", reflect.TypeOf(app.Note{}).NumField(), os.Args[1:])
	<-asked
	fmt.Println("drained")
}
`,
}

// writeDevProject writes the program, in a module that has this Silo.
func writeDevProject(t *testing.T) (root string, write func(name, text string)) {
	t.Helper()
	root = t.TempDir()
	write = func(name, text string) {
		t.Helper()
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	silo, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	var texts [2][]byte
	for i, name := range []string{"go.mod", "go.sum"} {
		if texts[i], err = os.ReadFile(filepath.Join(silo, name)); err != nil {
			t.Fatal(err)
		}
	}
	mod, err := modfile.Parse("go.mod", texts[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		mod.AddModuleStmt("example.com/app"), mod.AddRequire("github.com/silokit/silo", "v0.0.0"), mod.AddReplace("github.com/silokit/silo", "", silo, ""),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	edited, err := mod.Format()
	if err != nil {
		t.Fatal(err)
	}
	write("go.mod", string(edited))
	write("go.sum", string(texts[1]))
	for name, text := range devProject {
		write(name, text)
	}
	return root, write
}

func TestDevFollowsSQLAndGo(t *testing.T) {
	root, write := writeDevProject(t)
	t.Chdir(filepath.Join(root, "queries"))
	ctx, interrupt := context.WithCancel(t.Context())
	printed := &transcript{wrote: make(chan struct{}, 1)}
	cmd := newRoot()
	cmd.SetArgs([]string{"dev", "--grace=1m", "--", "serve"})
	cmd.SetOut(printed)
	cmd.SetErr(printed)
	ended := make(chan int, 1)
	go func() { ended <- exitCode(cmd.ExecuteContext(ctx), printed) }()
	defer interrupt()

	printed.expect(t, "starting app\n")
	printed.expect(t, "1 columns [\"serve\"]\n")
	write("schema/00002_title.sql", "-- +goose Up\nALTER TABLE notes ADD COLUMN title TEXT NOT NULL DEFAULT '';\n\n-- +goose Down\nALTER TABLE notes DROP COLUMN title;\n")
	printed.expect(t, "drained\n")
	printed.expect(t, "2 columns")
	write("queries/notes.sql", "-- name: GetNote :one\nSELECT nowhere FROM notes WHERE id = @id;\n")
	printed.expect(t, "../queries/notes.sql:2:8: error: query GetNote: SQLite: no such column: nowhere\n")
	printed.expect(t, "app goes on as it was built before\n")
	write("schema/00003_body.sql", "-- +goose Up\nALTER TABLE notes ADD COLUMN body TEXT;\n\n-- +goose Down\nALTER TABLE notes DROP COLUMN body;\n")
	write("queries/notes.sql", devProject["queries/notes.sql"])
	printed.expect(t, "3 columns")
	interrupt()
	if code := <-ended; code != exitOK {
		t.Errorf("the exit code is %d", code)
	}
	printed.expect(t, "drained\n")
}

func TestDevRefusesWrongCalls(t *testing.T) {
	root, write := writeDevProject(t)
	write("cmd/other/main.go", "package main\n\nfunc main() {}\n")
	write("lib/lib.go", "package lib\n")
	tests := []struct {
		name, folder string
		args         []string
		code         int
		want         string
	}{
		{"two programs", ".", nil, exitUsage, "silo: name the program's package: there are example.com/app/cmd/app, example.com/app/cmd/other\n"},
		{"two packages", ".", []string{"./cmd/app", "./cmd/other"}, exitUsage, "silo: silo dev takes one package, and the program's arguments behind -- (see silo dev --help)\n"},
		{"no program", ".", []string{"./lib"}, exitError, "silo: example.com/app/lib is no program but package lib: name a package main\n"},
		{"no grace", ".", []string{"--grace", "0s"}, exitUsage, "silo: --grace is 0s: name a time that is longer\n"},
		{"no configuration", ".", []string{"./cmd/app", "-f", "nowhere.yaml"}, exitUsage, "silo: there is no file nowhere.yaml: name the configuration with -f\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(filepath.Join(root, test.folder))
			var said bytes.Buffer
			cmd := newRoot()
			cmd.SetArgs(append([]string{"dev"}, test.args...))
			cmd.SetErr(&said)
			if code := exitCode(cmd.ExecuteContext(t.Context()), &said); code != test.code || said.String() != test.want {
				t.Errorf("exit code %d, %q, want %d, %q", code, said.String(), test.code, test.want)
			}
		})
	}
}
