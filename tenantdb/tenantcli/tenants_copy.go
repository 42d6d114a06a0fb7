package tenantcli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// twoIDs reads the IDs of two different tenants.
func twoIDs(args []string) (from, to tenantdb.ID, err error) {
	if from, err = parseID(args[0]); err != nil {
		return from, to, err
	}
	if to, err = parseID(args[1]); err != nil {
		return from, to, err
	}
	if from == to {
		return from, to, usage("%s is the tenant that the copy is taken of: name a new one", to)
	}
	return from, to, nil
}

func (t *tool) clone() *cobra.Command {
	var w writing
	var n newcomer
	cmd := &cobra.Command{
		Use:   "clone ID NEW-ID",
		Short: "Make a new tenant of a copy of another's data",
		Long: `Clone copies one state of a tenant while it is used. Names, labels, aliases and metadata are
those that the flags give, not the other tenant's.`,
		Example:           "  tenants clone acme acme-staging --display-name 'Acme, staging'",
		Args:              arguments("an ID", "the new tenant's ID"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	n.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		from, to, err := twoIDs(args)
		if err != nil {
			return err
		}
		c, err := n.creation(to)
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			if err := s.tenants.Check(ctx, lifecycle.OpClone, from); err != nil {
				return err
			}
			if w.dryRun {
				made, result, err := s.rehearseCreation(ctx, "clone", c)
				if err != nil {
					return err
				}
				return s.did(&w, "clone", made, result)
			}
			result := s.foundOr(ctx, c, "created")
			progress := s.progress("cloning "+from.String(), -1)
			made, err := s.tenants.clone(ctx, from, c)
			progress.end()
			if err != nil {
				return err
			}
			return s.did(&w, "clone", made.ID.String(), result)
		})
	}
	return cmd
}
