// Command service serves notes to tenants of which each has a SQLite file of its own, and
// looks after them. Run service help for its commands.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/tenantcli"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/config"
)

func main() { os.Exit(run(context.Background())) }

// run runs the command that the arguments name, until it has ended, or the end of ctx or a signal
// has ended it, and returns the exit code.
func run(ctx context.Context) int {
	settings, err := config.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, "service:", err)
		return tenantcli.ExitUsage
	}
	return tenantcli.Execute(ctx, newRoot(settings))
}

// newRoot returns the command with all that are below it: the service's own, and those that
// look after its tenants.
func newRoot(settings config.Config) *cobra.Command {
	root := &cobra.Command{
		Use:     "service",
		Short:   "Notes of tenants, each in a SQLite file of its own",
		Example: "  service serve\n  service tenants list",
	}
	root.AddCommand(newServe(settings), newSeed(settings), newTotals(settings), newConfig(), tenantcli.ManualCommand())
	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{Data: settings.Data})...)
	return root
}
