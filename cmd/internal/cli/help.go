package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// width is that of the narrowest terminal that help is written for.
const width = 80

// The groups of commands.
const (
	onProject = "project"
	onData    = "data"
)

// newHelp returns the command silo help.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]...",
		Short:   "Say what a command does, and show an example",
		Example: "  silo help add table",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if found, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
				for _, below := range found.Commands() {
					if below.IsAvailableCommand() && strings.HasPrefix(below.Name(), typed) {
						names = append(names, below.Name()+"\t"+below.Short)
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil:
				return usageError{err}
			case len(rest) > 0 && !found.HasSubCommands():
				return usageError{fmt.Errorf("%s has no command %q (see silo help %s)", found.CommandPath(), rest[0], strings.Join(args[:len(args)-len(rest)], " "))}
			case len(rest) > 0:
				return noArgs(found, rest)
			}
			return found.Help()
		},
	}
}

// help prints what a command does. The root's is one screen.
func help(cmd *cobra.Command, _ []string) {
	out := cmd.OutOrStdout()
	if !cmd.HasParent() {
		rootHelp(out, cmd)
		return
	}
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, reflowed(paragraph))
	}
	fmt.Fprintf(out, "\nUsage:\n  %s\n", useLine(cmd))
	if cmd.Example != "" {
		fmt.Fprintf(out, "\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(out, "\nCommands:")
		listCommands(out, cmd, "")
	}
	writeFlags(out, cmd)
}

// useLine is how a command is called. One that is nothing by itself is called with one that is below it.
func useLine(cmd *cobra.Command) string {
	line := strings.TrimSuffix(cmd.UseLine(), " [flags]")
	if cmd.HasAvailableSubCommands() {
		line += " COMMAND"
	}
	return line + " [flags]"
}

// rootHelp prints what there is.
func rootHelp(out io.Writer, root *cobra.Command) {
	fmt.Fprintf(out, "%s.\n", root.Short)
	for _, group := range root.Groups() {
		fmt.Fprintf(out, "\n%s\n", group.Title)
		listCommands(out, root, group.ID)
	}
	fmt.Fprintf(out, "\nMore: completion, man, version, and of each: silo help COMMAND. For example:\n%s\n", root.Example)
}

// listCommands prints the commands of a group below another, by name.
func listCommands(out io.Writer, cmd *cobra.Command, group string) {
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() && below.GroupID == group {
			fmt.Fprintf(out, "  %-*s  %s\n", cmd.NamePadding()-1, below.Name(), below.Short)
		}
	}
}

// reference is the command in the help of which the flags are explained that all commands on tenants have.
const reference = "tenants"

// writeFlags describes the flags of a command, each in lines that are no longer than the screen is wide. That there is --help
// knows who reads this. Of those that all commands on tenants have, most say only that they are there.
func writeFlags(out io.Writer, cmd *cobra.Command) {
	var common *pflag.FlagSet
	for _, other := range cmd.Root().Commands() {
		if other.Name() == reference {
			common = other.PersistentFlags()
		}
	}
	shown := pflag.NewFlagSet("", pflag.ContinueOnError)
	var elsewhere []string
	visit := func(f *pflag.Flag) {
		switch {
		case f.Name == "help" || f.Hidden:
		case cmd.Name() != reference && cmd.Flag("data") != nil && common.Lookup(f.Name) != nil:
			elsewhere = append(elsewhere, "--"+f.Name)
		default:
			shown.AddFlag(f)
		}
	}
	cmd.LocalFlags().VisitAll(visit)
	cmd.InheritedFlags().VisitAll(visit)
	if shown.HasFlags() {
		fmt.Fprintf(out, "\nFlags:\n%s", shown.FlagUsagesWrapped(width))
	}
	if len(elsewhere) > 0 {
		slices.Sort(elsewhere)
		fmt.Fprintf(out, "\n%s\n", reflowed("And "+strings.Join(elsewhere, ", ")+", which silo help "+reference+" explains."))
	}
}

// reflowed fills the lines of a paragraph, unless it has indented ones, which are a list.
func reflowed(paragraph string) string {
	if strings.HasPrefix(paragraph, " ") || strings.Contains(paragraph, "\n ") {
		return paragraph
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(paragraph) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n")
}
