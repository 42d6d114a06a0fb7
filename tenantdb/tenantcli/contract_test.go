package tenantcli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// leaves returns the commands that do something with a data folder, by their names.
func leaves() map[string]*cobra.Command {
	found := map[string]*cobra.Command{}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, below := range cmd.Commands() {
			walk(below)
		}
		if !cmd.HasSubCommands() && cmd.Name() != "man" {
			found[strings.TrimPrefix(cmd.CommandPath(), "app ")] = cmd
		}
	}
	walk(tenantcli.New[tenant.Schema]("app", tenantcli.Options{}))
	return found
}

// lookOnly are the commands that write nothing.
var lookOnly = []string{"tenants list", "tenants show", "tenants alias list", "tenants keys list", "backups list", "backups status", "backups verify", "migrate status", "migrate runs", "query", "rollup status", "top", "stats"}

func TestEveryCommandKeepsTheContract(t *testing.T) {
	all := leaves()
	if len(all) < 20 {
		t.Fatalf("there are %d commands", len(all))
	}
	for name, cmd := range all {
		cmd.InheritedFlags() // so that Flag finds them
		for _, flag := range []string{"json", "no-input", "data", "backups", "actor"} {
			if cmd.Flag(flag) == nil {
				t.Errorf("%s has no --%s", name, flag)
			}
		}
		if writes := !slices.Contains(lookOnly, name); writes != (cmd.Flag("dry-run") != nil) {
			t.Errorf("%s: it writes: %v; it has --dry-run: %v", name, writes, !writes)
		}
		if cmd.Short == "" || !strings.Contains(cmd.Example, name) {
			t.Errorf("%s has the short help %q, and the example %q, want one of its use", name, cmd.Short, cmd.Example)
		}
	}
}

// documented are the JSON fields of each command, as docs/commands.md has them.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?s)### `([a-z ]+)`\n(.*?)\nFields: (.*?)\\.(?:\n| )")
	field := regexp.MustCompile("`([a-z_0-9]+\\??)`")
	found := map[string][]string{}
	for _, m := range section.FindAllStringSubmatch(string(text), -1) {
		for _, f := range field.FindAllStringSubmatch(m[3], -1) {
			found[m[1]] = append(found[m[1]], f[1])
		}
	}
	return found
}

func TestDocsHaveEveryCommandAndFlag(t *testing.T) {
	text, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	fields := documented(t)
	all := leaves()
	for name, cmd := range all {
		if len(fields[name]) == 0 {
			t.Errorf("docs/commands.md has no fields of %s", name)
		}
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !bytes.Contains(text, []byte("--"+f.Name)) {
				t.Errorf("docs/commands.md does not have --%s of %s", f.Name, name)
			}
		})
	}
	for name := range fields {
		if all[name] == nil {
			t.Errorf("docs/commands.md has %s, which is no command", name)
		}
	}
}

// lastKey stands for the key that was printed last.
const lastKey = "KEY"

// calls are calls in order, of which each command is once at least.
var calls = []struct {
	name string
	args []string
	code int
}{
	{"tenants create", []string{"acme", "--init", "--display-name", "Acme"}, 0},
	{"tenants create", []string{"globex", "--dry-run"}, 0},
	{"tenants suspend", []string{"acme", "--reason", "unpaid"}, 0},
	{"tenants list", nil, 0},
	{"tenants resume", []string{"acme"}, 0},
	{"tenants protect", []string{"acme"}, 0},
	{"tenants unprotect", []string{"acme"}, 0},
	{"tenants alias add", []string{"acme", "domain=acme.example"}, 0},
	{"tenants alias list", nil, 0},
	{"tenants show", []string{"acme"}, 0},
	{"tenants alias remove", []string{"domain=acme.example"}, 0},
	{"tenants keys create", []string{"acme", "--label", "billing", "--expires-in", "90d"}, 0},
	{"tenants keys rotate", []string{lastKey, "--yes", "--dry-run"}, 0},
	{"tenants keys rotate", []string{lastKey, "--yes"}, 0},
	{"tenants keys create", []string{"acme", "--dry-run"}, 0},
	{"tenants keys revoke", []string{lastKey, "--yes"}, 0},
	{"tenants keys list", []string{"acme"}, 0},
	{"tenants clone", []string{"acme", "copy"}, 0},
	{"migrate redo", []string{"--yes"}, 0},
	{"migrate down", []string{"acme", "--to", "7", "--yes", "--dry-run"}, 0},
	{"migrate down", []string{"acme", "--to", "7", "--yes"}, 0},
	{"migrate up", []string{"--canary", "1", "--dry-run"}, 0},
	{"migrate up", []string{"--canary", "1"}, 0},
	{"migrate up", []string{"nobody"}, 3},
	{"migrate status", nil, 0},
	{"migrate runs", nil, 0},
	{"query", []string{"SELECT count(*) AS modules FROM modules"}, 0},
	{"rollup run", []string{"hourly"}, 0},
	{"rollup run", []string{"--from", "2026-03-01", "--dry-run"}, 0},
	{"rollup run", []string{"--tenant", "nobody"}, 3},
	{"rollup status", nil, 0},
	{"rollup forget", []string{"hourly", "--yes"}, 0},
	{"top", nil, 0},
	{"stats", []string{"--by", "day"}, 0},
	{"backup", []string{"--all"}, 0},
	{"backup", []string{"acme", "nobody"}, 3},
	{"restore", []string{"acme", "--yes"}, 0},
	{"restore", []string{"acme", "--as", "old"}, 0},
	{"backup", []string{"--global"}, 0},
	{"backup", []string{"--all", "--due", "--dry-run"}, 0},
	{"backups list", nil, 0},
	{"backups status", nil, 0},
	{"backups prune", []string{"--keep-last", "1", "--dry-run"}, 0},
	{"backups verify", nil, 0},
	{"tenants export", []string{"acme", "acme.tar"}, 0},
	{"tenants export", []string{"acme", "again.tar", "--dry-run"}, 0},
	{"tenants import", []string{"acme.tar", "imported"}, 0},
	{"tenants delete", []string{"copy", "--yes"}, 0},
	{"tenants undelete", []string{"copy"}, 0},
	{"tenants delete", []string{"copy", "--yes"}, 0},
	{"tenants purge", []string{"copy", "--confirm", "copy"}, 0},
	{"tenants erase", []string{"old", "--dry-run"}, 0},
	{"tenants erase", []string{"old", "--confirm", "old"}, 0},
	{"restore", []string{"--global", "--dry-run"}, 0},
	{"restore", []string{"--global", "--yes"}, 0},
	{"doctor", nil, 4},
}

// A program that reads the output finds in it what the docs promise, and nothing that they
// do not name.
func TestJSONHasTheDocumentedFields(t *testing.T) {
	fields := documented(t)
	t.Chdir(t.TempDir())
	called := map[string]bool{}
	key := ""
	for _, call := range calls {
		called[call.name] = true
		if call.name == "doctor" {
			if err := os.WriteFile("data/tenants/stray.txt", nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		args := append(strings.Fields(call.name), "--json")
		for _, arg := range call.args {
			if arg == lastKey {
				arg = key
			}
			args = append(args, arg)
		}
		code, out, said := execute(args...)
		if code != call.code {
			t.Fatalf("%s %v: exit code %d, want %d: %s", call.name, call.args, code, call.code, said)
		}
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		for _, line := range lines {
			var object map[string]json.RawMessage
			if err := json.Unmarshal([]byte(line), &object); err != nil {
				t.Fatalf("%s %v prints %q: %v", call.name, call.args, line, err)
			}
			var printed string
			if json.Unmarshal(object["key"], &printed) == nil && printed != "" {
				key = printed
			}
			for _, f := range fields[call.name] {
				name, optional := strings.CutSuffix(f, "?")
				if _, ok := object[name]; !ok && !optional {
					t.Errorf("%s %v: there is no %s in %s", call.name, call.args, name, line)
				}
				delete(object, name)
			}
			for name := range object {
				t.Errorf("%s %v: docs/commands.md does not name %s", call.name, call.args, name)
			}
		}
	}
	for name := range leaves() {
		if !called[name] {
			t.Errorf("%s was not called", name)
		}
	}
}

// execute runs app in the current folder.
func execute(args ...string) (code int, out, said string) {
	var stdout, stderr bytes.Buffer
	root := app()
	root.SetArgs(args)
	root.SetIn(strings.NewReader(""))
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	code = tenantcli.Execute(context.Background(), root)
	return code, stdout.String(), stderr.String()
}
