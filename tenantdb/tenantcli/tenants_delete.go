package tenantcli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// deleted is what delete prints.
type deleted struct {
	done
	Until *string `json:"until"` // when the tenant can be removed for good; null in a dry run
}

func (t *tool) delete() *cobra.Command {
	var w writing
	var reason string
	cmd := &cobra.Command{
		Use:   "delete ID",
		Short: "Delete a tenant, which undelete brings back for some time",
		Long: `Delete takes a tenant away from all who use it, and keeps its file for as long as undelete
may bring it back; then purge removes it. It needs --yes or --confirm=ID, or asks.`,
		Example:           "  tenants delete acme --confirm=acme --reason 'contract ended'",
		Args:              arguments("an ID"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	w.confirmFlag(cmd)
	t.waitFlag(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", "why; it is recorded")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			if err := s.tenants.Check(ctx, lifecycle.OpDelete, id); err != nil {
				return err
			}
			if w.force == "" {
				err = s.agree(ctx, &w, fmt.Sprintf("Delete tenant %s? Undelete brings it back.", id))
			} else {
				err = s.confirm(ctx, &w, id.String(), "")
			}
			if err != nil {
				return err
			}
			if w.dryRun {
				return s.print(deleted{done{"delete", id.String(), true, "deleted"}, nil}, "would be deleted "+id.String())
			}
			stone, err := s.tenants.Delete(ctx, id, reason)
			if err != nil {
				return err
			}
			return s.print(deleted{done{"delete", id.String(), false, "deleted"}, stamp(stone.Until)},
				fmt.Sprintf("deleted %s; it can be brought back until %s", id, stone.Until.UTC().Format(time.RFC3339)))
		})
	}
	return cmd
}

func (t *tool) undelete() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:               "undelete ID",
		Short:             "Bring a deleted tenant back",
		Example:           "  tenants undelete acme",
		Args:              arguments("an ID"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			d, err := s.details(ctx, id)
			if err == nil {
				err = s.tenants.Check(ctx, lifecycle.OpUndelete, id)
			}
			if err != nil {
				return err
			}
			result := "undeleted"
			if d.State != string(catalog.Deleted) && d.State != string(catalog.Deleting) {
				result = "unchanged" // it was brought back before, or never deleted
			}
			if !w.dryRun {
				if _, err := s.tenants.Undelete(ctx, id); err != nil {
					return err
				}
			}
			return s.did(&w, "undelete", id.String(), result)
		})
	}
	return cmd
}
