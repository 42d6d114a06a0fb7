package tenantcli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// WriteManual writes a man page of section 1 for the root command and each below it that
// help shows to the folder, which is made if it does not exist: notes.1, notes-tenants.1,
// notes-tenants-list.1. Pages of these names are replaced, others are left alone. They have no date, so
// that what is built twice is the same. For a program's build, or see [ManualCommand].
func WriteManual(root *cobra.Command, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // pages are for everybody
		return err
	}
	return eachShown(root, func(cmd *cobra.Command) error {
		path := filepath.Join(folder, pageName(cmd)+".1")
		return os.WriteFile(path, []byte(page(cmd)), 0o644) //nolint:gosec // likewise
	})
}

// ManualCommand returns the command "man FOLDER", which writes the manual of the root
// that it is added to.
func ManualCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write man pages of all commands to a folder",
		Example: "  man /usr/local/share/man/man1",
		Args:    arguments("a folder"),
		RunE:    func(cmd *cobra.Command, args []string) error { return WriteManual(cmd.Root(), args[0]) },
	}
	cmd.SetFlagErrorFunc(flagError)
	cmd.SetHelpFunc(help)
	return cmd
}

// eachShown calls f with the command and all below it that help shows.
func eachShown(cmd *cobra.Command, f func(*cobra.Command) error) error {
	if err := f(cmd); err != nil {
		return err
	}
	for _, below := range cmd.Commands() {
		if !below.IsAvailableCommand() || below.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := eachShown(below, f); err != nil {
			return err
		}
	}
	return nil
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// page returns the man page of a command (groff_man(7)).
func page(cmd *cobra.Command) string {
	var b strings.Builder
	cmd.InitDefaultHelpFlag()
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s \"User Commands\"\n", quoted(strings.ToUpper(pageName(cmd))), quoted(cmd.Root().Name()))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(cmd)), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	b.WriteString(".SH DESCRIPTION\n")
	b.WriteString(paragraphs(text))
	if cmd.HasAvailableSubCommands() {
		b.WriteString(".SH COMMANDS\n")
		for _, below := range cmd.Commands() {
			if below.IsAvailableCommand() {
				fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(below.Name()), roff(below.Short))
			}
		}
	}
	options(&b, "OPTIONS", cmd.NonInheritedFlags())
	options(&b, "OPTIONS OF ALL COMMANDS", cmd.InheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(strings.TrimRight(examples(cmd), "\n")))
	}
	if see := seeAlso(cmd); len(see) > 0 {
		fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", strings.Join(see, ",\n"))
	}
	return b.String()
}

// options writes a section of the flags that help shows, if there are any.
func options(b *strings.Builder, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		b.WriteString(".TP\n")
		if f.Shorthand != "" {
			fmt.Fprintf(b, "\\fB\\-%s\\fR, ", roff(f.Shorthand))
		}
		fmt.Fprintf(b, "\\fB\\-\\-%s\\fR", roff(f.Name))
		if name != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(name))
		}
		fmt.Fprintf(b, "\n%s\n", roff(usage))
	})
}

// seeAlso returns the pages above and below a command's.
func seeAlso(cmd *cobra.Command) (pages []string) {
	refer := func(cmd *cobra.Command) { pages = append(pages, fmt.Sprintf("\\fB%s\\fR(1)", roff(pageName(cmd)))) }
	if cmd.HasParent() {
		refer(cmd.Parent())
	}
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			refer(below)
		}
	}
	return pages
}

// paragraphs returns a text with its empty lines as ends of paragraphs, and its indented
// ones as they are.
func paragraphs(text string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, " ") || strings.HasPrefix(paragraph, "\t") {
			fmt.Fprintf(&b, ".nf\n%s\n.fi\n", roff(paragraph))
			continue
		}
		b.WriteString(roff(paragraph) + "\n")
	}
	return b.String()
}

// roff returns a text in which nothing is a request or an escape.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// quoted returns a text as one argument of a request.
func quoted(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }
