package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/grow"
)

// completePackage completes the name of a package in the configuration that a command would take.
func (g *growing) completePackage(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	file, err := findConfig(g.config)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	project, err := grow.Open(file)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, block := range project.Blocks {
		names = append(names, block.Package)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeColumn completes the type of a column, and its options: what follows the last colon.
func completeColumn(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	at := strings.LastIndex(typed, ":")
	if len(args) == 0 || at < 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	words := grow.Options()
	if strings.Count(typed, ":") == 1 {
		words = grow.Types()
	}
	var found []string
	for _, word := range words {
		if strings.HasPrefix(word, typed[at+1:]) {
			found = append(found, typed[:at+1]+word)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
