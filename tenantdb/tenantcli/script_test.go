package tenantcli_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// TestMain makes the test binary stand in for programs that mount the commands: app with
// a schema that it embeds, tool with folders of migrations.
func TestMain(m *testing.M) {
	if as := os.Getenv(asApp); as != "" { // a test runs it without a script
		code := tenantcli.Execute(context.Background(), app())
		if as == atATerminal {
			waitUntilSeen()
		}
		os.Exit(code)
	}
	testscript.Main(m, map[string]func(){
		"app":  func() { os.Exit(tenantcli.Execute(context.Background(), app())) },
		"tool": func() { os.Exit(tenantcli.Execute(context.Background(), folderTool())) },
	})
}

// asApp says, in the environment, that the test binary is to be the program app.
const asApp = "TENANTCLI_TEST_AS_APP"

// atATerminal is its value where that waits until all that it says was seen.
const atATerminal = "terminal"

// seenMark is written to the terminal when the program has ended but for its process.
const seenMark = "\x1e"

// waitUntilSeen keeps the process until its last words were read: with the process that leads its
// session, a terminal is hung up, and Linux drops what has not reached the other end.
func waitUntilSeen() {
	fmt.Fprint(os.Stderr, seenMark)
	_, _ = io.Copy(io.Discard, os.NewFile(3, "until seen"))
}

// app is a service's program, with a command of its own beside the mounted ones.
func app() *cobra.Command {
	root := &cobra.Command{Use: "app"}
	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{Actor: "tester", Rollups: testRollups})...)
	root.AddCommand(tenantcli.ManualCommand(), newUse())
	root.AddCommand(&cobra.Command{
		Use:  "seed ID NAME",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withTenant(cmd.Context(), args[0], func(ctx context.Context, q *tenant.Queries) error {
				_, err := q.CreateModule(ctx, tenant.CreateModuleParams{ID: args[1], Slug: args[1], Name: args[1]})
				return err
			})
		},
	})
	root.AddCommand(&cobra.Command{ // has a tenant open until its input ends, or uses it for as long
		Use:  "serve ID [busy]",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			serve := func(ctx context.Context, q *tenant.Reader) error {
				if _, err := q.ListModules(ctx, nil); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), "serving")
				_, err := io.Copy(io.Discard, cmd.InOrStdin())
				return err
			}
			return withDB(cmd.Context(), args[0], func(ctx context.Context, db *tenant.DB) error {
				if len(args) > 1 {
					return tenant.Read(ctx, db, serve)
				}
				return serve(ctx, tenant.NewReader(db))
			})
		},
	})
	return root
}

func folderTool() *cobra.Command {
	root := &cobra.Command{Use: "tool"}
	root.AddCommand(tenantcli.FolderCommands(tenantcli.Options{})...)
	return root
}

// withTenant calls f with the queries of a tenant.
func withTenant(ctx context.Context, name string, f func(context.Context, *tenant.Queries) error) error {
	return withDB(ctx, name, func(ctx context.Context, db *tenant.DB) error { return f(ctx, tenant.New(db)) })
}

// withDB calls f with the handle of a tenant, in a service that has a catalog.
func withDB(ctx context.Context, name string, f func(context.Context, *tenant.DB) error) (err error) {
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: "data", Layout: tenantdb.AsRecorded})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		return err
	}
	if _, err := catalog.Open(ctx, dir); err != nil {
		return err
	}
	id, err := tenantdb.ParseID(name)
	if err != nil {
		return err
	}
	if ctx, err = tenantdb.WithTenant(ctx, id); err != nil {
		return err
	}
	db, err := store.Resolve(ctx)
	if err != nil {
		return err
	}
	return f(ctx, db)
}

var update = flag.Bool("update", false, "write the golden outputs of the scripts anew")

func TestScripts(t *testing.T) {
	if withRaceDetector {
		t.Skip("each of some two hundred commands is a process of its own; what may race is tested within this one")
	}
	migrations, err := filepath.Abs("../../schema")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SCHEMA", migrations)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"scrub":  scrub,
			"damage": damage,
			"grab":   grab,
		},
	})
}

// exits runs a command and asserts its exit code: exits 2 app tenants lst.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [argument ...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = strconv.Itoa(exit.ExitCode())
	case err != nil:
		code = err.Error()
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s: %v", code, args[0], err)
	}
}

// varying is what differs from run to run in outputs, and what scrub puts in its place.
var varying = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "TIME"},
	{regexp.MustCompile(`\b\d{8}T\d{6}(\.\d+)?Z`), "TIME"},
	{regexp.MustCompile(`(\.json","size":)\d+`), "${1}SIZE"}, // some times have fewer digits
	{regexp.MustCompile(`("took_ms":)\d+`), "${1}TOOK"},
	{regexp.MustCompile(`\bsilo_[a-z2-7]{16}_[a-z2-7]{59}\b`), "SECRET"},
	{regexp.MustCompile(`\b[a-z2-7]{16}\b`), "KEY"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "SHA256"},
	{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "INCARNATION"},
}

// scrub writes what a command has printed to a file, to be compared: scrub stdout got.
func scrub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scrub stdout|stderr file")
	}
	text := strings.ReplaceAll(ts.ReadFile(args[0]), ts.MkAbs("."), "$WORK")
	text = strings.ReplaceAll(text, filepath.ToSlash(ts.MkAbs(".")), "$WORK")
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.by)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// grab keeps what a command has printed, as far as a pattern matches it, in a variable:
// grab KEY stdout '[a-z]+'.
func grab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: grab variable stdout|stderr pattern")
	}
	found := regexp.MustCompile(args[2]).FindString(ts.ReadFile(args[1]))
	if found == "" {
		ts.Fatalf("%s does not match %s", args[1], args[2])
	}
	ts.Setenv(args[0], found)
}

// damage flips a bit in the middle of a file: damage file.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	content, err := os.ReadFile(path)
	ts.Check(err)
	content[len(content)/2] ^= 1
	ts.Check(os.Chmod(path, 0o600))
	ts.Check(os.WriteFile(path, content, 0o600))
}
