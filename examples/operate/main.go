// Command operate looks after the tenants of a service with the schema and the hooks that
// the service has: a command line that is mounted beside the program's own commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

func main() {
	os.Exit(tenantcli.Execute(context.Background(), newRoot()))
}

func newRoot() *cobra.Command {
	root := &cobra.Command{Use: "operate", Short: "Look after the service's tenants"}
	root.AddCommand(newModules())
	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{
		Data:      "data",
		Lifecycle: lifecycle.Options{Hooks: []lifecycle.Hook{{Before: keepDemo, After: logTo(slog.Default())}}},
	})...)
	return root
}

// keepDemo refuses what would take away the tenant that visitors see.
func keepDemo(_ context.Context, e lifecycle.Event) error {
	if e.Tenant.String() == "demo" && (e.Operation == lifecycle.OpDelete || e.Operation == lifecycle.OpErase) {
		return errors.New("visitors see the tenant demo")
	}
	return nil
}

// logTo tells the log of what was done.
func logTo(log *slog.Logger) func(context.Context, lifecycle.Event) {
	return func(ctx context.Context, e lifecycle.Event) {
		log.InfoContext(ctx, "tenant operation", "operation", e.Operation, "tenant", e.Tenant.String(), "error", e.Err)
	}
}

// newModules is a command of the program's own.
func newModules() *cobra.Command {
	return &cobra.Command{
		Use:   "modules ID",
		Short: "List the modules of a tenant",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			dir, err := tenantdb.Open(cmd.Context(), tenantdb.Options{Path: "data"})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, dir.Close()) }()
			store, err := tenant.Open(cmd.Context(), dir)
			if err != nil {
				return err
			}
			id, err := tenantdb.ParseID(args[0])
			if err != nil {
				return err
			}
			ctx, err := tenantdb.WithTenant(cmd.Context(), id)
			if err != nil {
				return err
			}
			db, err := store.Resolve(ctx)
			if err != nil {
				return err
			}
			modules, err := tenant.New(db).ListModules(ctx, nil)
			for _, m := range modules {
				fmt.Fprintln(cmd.OutOrStdout(), m.Slug, m.Name)
			}
			return err
		},
	}
}
