package cli

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/silokit/silo/cmd/internal/checkup"
)

// ownLeaves returns the commands that this package adds, by their names. Those on tenants are package
// tenantcli's, which tests them, but for doctor, which is of both.
func ownLeaves() map[string]*cobra.Command {
	found := map[string]*cobra.Command{}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, below := range cmd.Commands() {
			if below.GroupID == onData || below.Name() == "man" {
				continue
			}
			walk(below)
			if !below.HasSubCommands() {
				found[strings.TrimPrefix(below.CommandPath(), "silo ")] = below
			}
		}
	}
	walk(newRoot())
	return found
}

// records are what the commands print with --json.
var records = map[string]any{
	"new":           newReport{},
	"generate":      report{},
	"migration new": migrationRecord{},
	"add table":     addTableRecord{},
	"doctor":        checkup.Finding{},
	"version":       versionInfo{},
}

// sections returns the sections of a document about one command each, by the command's name.
func sections(t *testing.T, document string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, part := range strings.Split(string(text), "\n#") {
		if title, body, ok := strings.Cut(part, "`\n"); ok && strings.HasPrefix(title, "## `") {
			found[strings.TrimPrefix(title, "## `")] = body
		}
	}
	return found
}

func TestTheDocsHaveEveryCommandOnAProjectAndItsFlags(t *testing.T) {
	documented, all := sections(t, "../../../docs/project.md"), ownLeaves()
	whole := strings.Join(slices.Collect(maps.Values(documented)), "")
	for name, cmd := range all {
		if !strings.Contains(documented[name], "`silo "+name) {
			t.Errorf("docs/project.md has no section that shows silo %s", name)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "no-input" && f.Name != "help" && f.Name != "json" && f.Name != "file" && !strings.Contains(whole, "--"+f.Name) {
				t.Errorf("docs/project.md does not have --%s of %s", f.Name, name)
			}
		})
		if cmd.Short == "" || !strings.Contains(cmd.Example, "silo "+name) {
			t.Errorf("%s has the short help %q, and the example %q, want one of its use", name, cmd.Short, cmd.Example)
		}
	}
	for name := range documented {
		if all[name] == nil {
			t.Errorf("docs/project.md has %s, which is no command", name)
		}
	}
}

func TestTheDocsHaveTheFieldsOfTheJSON(t *testing.T) {
	documented := sections(t, "../../../docs/project.md")
	field := regexp.MustCompile("`([a-z_]+)\\??`")
	for name, cmd := range ownLeaves() {
		if cmd.Flag("json") == nil {
			continue
		}
		_, said, _ := strings.Cut(documented[name], "\nFields: ")
		said, _, _ = strings.Cut(said, ".")
		var got, want []string
		for _, m := range field.FindAllStringSubmatch(said, -1) {
			got = append(got, m[1])
		}
		if records[name] == nil {
			t.Errorf("no record of %s is known here", name)
			continue
		}
		record := reflect.TypeOf(records[name])
		for i := range record.NumField() {
			tag, _, _ := strings.Cut(record.Field(i).Tag.Get("json"), ",")
			want = append(want, tag)
		}
		if !slices.Equal(got, want) {
			t.Errorf("docs/project.md has the fields %q of %s, which prints %q", got, name, want)
		}
	}
}
