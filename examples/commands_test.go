package examples

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// notesCommands are those of the documents' program.
func notesCommands() *cobra.Command {
	root := &cobra.Command{Use: "notes"}
	serve := &cobra.Command{Use: "serve", Run: func(*cobra.Command, []string) {}}
	serve.Flags().String("data", "", "")
	root.AddCommand(serve, tenantcli.ManualCommand())
	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{Data: "data"})...)
	root.InitDefaultCompletionCmd()
	return root
}

var (
	shellBlock = regexp.MustCompile("(?ms)^\\s*```(?:sh|console)\n(.*?)^\\s*```$")
	inline     = regexp.MustCompile("`((?:notes|kubectl exec|docker exec|sudo) [^`…]+)`")
	program    = regexp.MustCompile(`(?:^|[\s/;])notes ((?:tenants|backup|backups|restore|migrate|query|doctor|serve|man|completion) ?.*)$`)
	quoted     = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// Each command on tenants that a document shows, in a block or in a sentence, is one that there is, with flags
// that it has.
func TestTheCommandsThatDocumentsShowAreThere(t *testing.T) {
	documents, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			lines = append(lines, strings.Split(block[1], "\n")...)
		}
		for _, match := range inline.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n", " "), -1) {
			lines = append(lines, match[1])
		}
		for _, line := range lines {
			line = quoted.ReplaceAllString(line, "TEXT")
			line, _, _ = strings.Cut(line, " # ")
			line, _, _ = strings.Cut(line, " > ")
			for part := range strings.SplitSeq(line, "&&") {
				match := program.FindStringSubmatch(strings.TrimSpace(part))
				if match == nil {
					continue
				}
				shown++
				command, rest, err := notesCommands().Find(strings.Fields(match[1]))
				if err == nil {
					err = command.ParseFlags(rest)
				}
				if err == nil && command.HasSubCommands() && command.Flags().NArg() > 0 {
					t.Errorf("%s: %q: there is no such command of %s", filepath.Base(document), part, command.CommandPath())
				}
				if err != nil {
					t.Errorf("%s: %q: %v", filepath.Base(document), part, err)
				}
			}
		}
	}
	if shown < 40 {
		t.Errorf("the documents show %d commands; has the way changed in which they are written?", shown)
	}
}
