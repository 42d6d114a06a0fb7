package tenantcli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// change returns a command that changes a tenant which is there. Its dry run looks whether
// the tenant is, and usable.
func (t *tool) change(cmd *cobra.Command, operation, result string, f func(ctx context.Context, s *session, id tenantdb.ID) error) *cobra.Command {
	var w writing
	w.dryRunFlag(cmd)
	cmd.Args = arguments("an ID")
	cmd.ValidArgsFunction = t.completeTenant
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			switch {
			case w.dryRun && (operation == "protect" || operation == "unprotect"):
				err = s.registered(ctx, operation, id)
			case w.dryRun:
				err = s.tenants.Check(ctx, lifecycle.Operation(operation), id)
			default:
				err = f(ctx, s, id)
			}
			if err != nil {
				return err
			}
			return s.did(&w, operation, id.String(), result)
		})
	}
	return cmd
}

func (t *tool) suspend() *cobra.Command {
	var reason string
	var readOnly bool
	cmd := t.change(&cobra.Command{
		Use:     "suspend ID",
		Short:   "Keep a tenant from being used, or from being written to",
		Example: "  tenants suspend acme --reason 'unpaid since June'\n  tenants suspend acme --read-only",
	}, "suspend", "suspended", func(ctx context.Context, s *session, id tenantdb.ID) error {
		options := lifecycle.SuspendOptions{Reason: reason}
		if readOnly {
			options.Suspension = catalog.ReadOnly
		}
		_, err := s.tenants.Suspend(ctx, id, options)
		return err
	})
	cmd.Flags().StringVar(&reason, "reason", "", "why; who is refused sees it")
	cmd.Flags().BoolVar(&readOnly, "read-only", false, "let it be read")
	return cmd
}

func (t *tool) resume() *cobra.Command {
	return t.change(&cobra.Command{
		Use:     "resume ID",
		Short:   "Let a suspended or quarantined tenant be used again",
		Example: "  tenants resume acme",
	}, "resume", "resumed", func(ctx context.Context, s *session, id tenantdb.ID) error {
		_, err := s.tenants.Resume(ctx, id)
		return err
	})
}

func (t *tool) protect() *cobra.Command {
	return t.change(&cobra.Command{
		Use:     "protect ID",
		Short:   "Keep a tenant from being deleted and erased",
		Example: "  tenants protect acme",
	}, "protect", "protected", func(ctx context.Context, s *session, id tenantdb.ID) error { return s.catalog.Protect(ctx, id) })
}

func (t *tool) unprotect() *cobra.Command {
	return t.change(&cobra.Command{
		Use:     "unprotect ID",
		Short:   "Let a protected tenant be deleted and erased again",
		Example: "  tenants unprotect acme",
	}, "unprotect", "unprotected", func(ctx context.Context, s *session, id tenantdb.ID) error { return s.catalog.Unprotect(ctx, id) })
}
