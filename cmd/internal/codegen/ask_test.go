package codegen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// What tests tell the stand-in for sqlc, in the environment.
const (
	toDial  = "STAND_IN_DIALS" // an address that it dials, and waits until it is ended
	toPrint = "STAND_IN_PRINTS"
	toLog   = "STAND_IN_LOGS" // a file that it writes what it was given into
)

// standIn is a sqlc that refuses everything. It returns the exit code.
func standIn() int {
	if address := os.Getenv(toDial); address != "" {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return 3
		}
		_, _ = io.Copy(io.Discard, conn)
		return 4
	}
	if file := os.Getenv(toLog); file != "" {
		var log string
		for _, entry := range os.Environ() {
			if strings.HasPrefix(entry, "SQLC") {
				log += entry + "\n"
			}
		}
		staged, _ := filepath.Glob("*/*/*.sql")
		for _, name := range staged {
			text, _ := os.ReadFile(name)
			log += name + ": " + string(text)
		}
		if os.WriteFile(file, []byte(log), 0o600) != nil {
			return 3
		}
	}
	fmt.Println(os.Getenv(toPrint))
	return 1
}

// asking is a project with a query that sqlc is asked of.
func asking(t *testing.T) Options {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	root := project(t, map[string]string{
		"sqlc.yaml": `version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options: {package: gen, kind: tenant, migrations: "example.com/elsewhere.Migrations"}
`,
		"schema/00001_t.sql": "-- +goose Up\nCREATE TABLE t (id INTEGER PRIMARY KEY);\n-- +goose Down\nDROP TABLE t;\n",
		"queries/q.sql":      "-- name: Echo :one\nSELECT @x AS x;\n",
	})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Config: filepath.Join(root, "sqlc.yaml"), Self: self}
}

// noStage fails the test when a stage was left behind.
func noStage(t *testing.T) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(os.TempDir(), stagePrefix+"*"))
	if err != nil || len(left) > 0 {
		t.Errorf("the stage was left behind: %v, %v", left, err)
	}
}

func TestSQLCGetsNoDownsAndNoSettings(t *testing.T) {
	options, file := asking(t), filepath.Join(t.TempDir(), "log")
	t.Setenv(toLog, file)
	t.Setenv("SQLCDEBUG", "dumpast=1")
	t.Setenv("SQLC_AUTH_TOKEN", "secret")
	if _, err := NewPlan(t.Context(), options); err == nil || !strings.Contains(err.Error(), "the type of parameter x is not clear") {
		t.Errorf("the error is %v, want that nobody knows the type", err)
	}
	log, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"SQLC", "DROP"} {
		if strings.Contains(string(log), never) {
			t.Errorf("sqlc got %s:\n%s", never, log)
		}
	}
	if !strings.Contains(string(log), "CREATE TABLE t") || !strings.Contains(string(log), "SELECT ?1") {
		t.Errorf("sqlc got neither schema nor query:\n%s", log)
	}
	noStage(t)
}

func TestSQLCIsNotAskedAgainWhenItNamesNothingOfTheStage(t *testing.T) {
	for _, printed := range []string{
		"", "panic: runtime error", "0/queries/00000007.sql:1:1: no", "5/queries/00000000.sql:1:1: no", "5/schema/00000000.sql:1:1: no",
		"99999999999999999999/schema/00000000.sql:1:1: no",
	} {
		options := asking(t)
		t.Setenv(toPrint, printed)
		if _, err := NewPlan(t.Context(), options); err == nil || !strings.Contains(err.Error(), "the type of parameter x is not clear") {
			t.Errorf("after %q the error is %v, want that nobody knows the type", printed, err)
		}
		noStage(t)
	}
}

func TestAskingChangesNothingOfWhatIsAsked(t *testing.T) {
	options := asking(t)
	t.Setenv(toPrint, "0/queries/00000000.sql:1:1: no")
	asked := []map[int]bool{{0: true}}
	queries, problems := sqltext.ParseFile("q.sql", "-- name: Echo :one\nSELECT @x;")
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	b := &block{checked: []*checked{{text: &queries[0]}}}
	if _, err := askSQLC(t.Context(), options.Self, []*block{b}, asked); err != nil || !asked[0][0] {
		t.Errorf("asked is %v, the error %v", asked, err)
	}
}

func TestCancellingEndsSQLC(t *testing.T) {
	options := asking(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	t.Setenv(toDial, listener.Addr().String())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, _, err := Generate(ctx, options)
		ended <- err
	}()
	sqlc, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want context.Canceled", err)
	}
	_, _ = io.Copy(io.Discard, sqlc) // which returns when sqlc has ended
	noStage(t)
	if _, err := os.Stat(filepath.Join(filepath.Dir(options.Config), "gen")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}
