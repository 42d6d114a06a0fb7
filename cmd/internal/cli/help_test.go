package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// shown returns what a command prints for people.
func shown(t *testing.T, args ...string) []string {
	t.Helper()
	root := newRoot()
	root.SetArgs(args)
	var out bytes.Buffer
	root.SetOut(&out)
	if err := root.Execute(); err != nil {
		t.Fatalf("silo %v: %v", args, err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// everyCommand calls f with each command that help shows, and its name.
func everyCommand(f func(name []string, cmd *cobra.Command)) {
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, below := range cmd.Commands() {
			if below.IsAvailableCommand() {
				f(strings.Fields(below.CommandPath())[1:], below)
				walk(below)
			}
		}
	}
	root := newRoot()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	walk(root)
}

// lines counts the lines that a text takes on a terminal.
func lines(text []string, columns int) int {
	count := 0
	for _, line := range text {
		count += max(1, (utf8.RuneCountInString(line)+columns-1)/columns)
	}
	return count
}

func TestBareItIsOneScreen(t *testing.T) {
	text := shown(t)
	if got := lines(text, 80); got > 24 {
		t.Errorf("it is %d lines, want 24 at most:\n%s", got, strings.Join(text, "\n"))
	}
	whole := strings.Join(text, "\n")
	for _, cmd := range newRoot().Commands() {
		if cmd.IsAvailableCommand() && !strings.Contains(whole, cmd.Name()) {
			t.Errorf("it does not have %s:\n%s", cmd.Name(), whole)
		}
	}
	if !strings.Contains(whole, "  silo ") {
		t.Errorf("it shows no example:\n%s", whole)
	}
}

func TestTheHelpOfEachCommandIsShortAndShowsAnExample(t *testing.T) {
	count := 0
	everyCommand(func(name []string, cmd *cobra.Command) {
		count++
		text := shown(t, append([]string{"help"}, name...)...)
		if got := lines(text, width); got > 40 {
			t.Errorf("silo help %s is %d lines, want 40 at most:\n%s", strings.Join(name, " "), got, strings.Join(text, "\n"))
		}
		if name[0] != "completion" && !strings.Contains(strings.Join(text, "\n"), "silo "+strings.Join(name, " ")) {
			t.Errorf("silo help %s shows no example of it", strings.Join(name, " "))
		}
	})
	if count < 20 {
		t.Errorf("there are %d commands", count)
	}
}

func TestHelpIsTheSameHoweverItIsAskedFor(t *testing.T) {
	for _, name := range []string{"generate", "tenants", "doctor"} {
		if a, b := shown(t, "help", name), shown(t, name, "--help"); strings.Join(a, "\n") != strings.Join(b, "\n") {
			t.Errorf("silo help %s and silo %s --help differ:\n%s\n\n%s", name, name, strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	}
}

func TestEachCommandHasAManPage(t *testing.T) {
	folder := t.TempDir()
	shown(t, "man", folder)
	everyCommand(func(name []string, cmd *cobra.Command) {
		if name[0] == "completion" { // cobra's own, which it hides
			return
		}
		page, err := os.ReadFile(filepath.Join(folder, "silo-"+strings.Join(name, "-")+".1"))
		if err != nil {
			t.Error(err)
			return
		}
		for _, section := range []string{".SH NAME\nsilo\\-", ".SH SYNOPSIS\n.B silo ", ".SH DESCRIPTION\n", ".SH EXAMPLES\n.nf\n  silo "} {
			if !strings.Contains(string(page), section) {
				t.Errorf("the page of silo %s has no %q:\n%s", strings.Join(name, " "), section, page)
			}
		}
	})
}
