package tenantcli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/catalog"
)

// tenants returns the command of that name, with those below it.
func (t *tool) tenants() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "tenants",
		Short:   "List, create, change and remove tenants",
		Example: "  tenants list --state suspended\n  tenants create acme --display-name 'Acme Inc.'",
	})
	cmd.AddCommand(
		t.list(), t.show(), t.create(),
		t.suspend(), t.resume(), t.protect(), t.unprotect(), t.alias(), t.keys(),
		t.clone(), t.export(), t.importing(),
		t.delete(), t.undelete(), t.purge(), t.erase(),
	)
	return cmd
}

func (t *tool) list() *cobra.Command {
	var filter struct{ state, label string }
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the tenants, by ID",
		Long: `List prints a line for each tenant: its ID, its state, its size when it was last looked
at, its name and its labels. Tenants that have a file and are not in the catalog are
"unregistered". It opens no tenant.`,
		Example: "  tenants list\n  tenants list --state suspended --json\n  tenants list --label plan=pro",
		Args:    arguments(),
	}
	cmd.Flags().StringVar(&filter.state, "state", "", "only those in the `state`: "+strings.Join(states, ", "))
	cmd.Flags().StringVar(&filter.label, "label", "", "only those with the label, as `name=value`")
	_ = cmd.RegisterFlagCompletionFunc("state", cobra.FixedCompletions(states, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		wanted, err := filterOf(filter.state, filter.label)
		if err != nil {
			return err
		}
		return t.run(cmd, toLook, func(ctx context.Context, s *session) error {
			for r, err := range s.all(ctx, wanted) {
				if err != nil {
					return err
				}
				if err := s.print(r, r.text(&s.terminal)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return cmd
}

// states are what list filters by.
var states = []string{
	string(catalog.Active), string(catalog.Suspended), string(catalog.Creating), string(catalog.Deleting),
	string(catalog.Deleted), string(catalog.Quarantined), unregistered,
}

// filterOf makes a filter of flags.
func filterOf(state, label string) (catalog.Filter, error) {
	filter := catalog.Filter{State: catalog.State(state)}
	if err := oneOf("--state", state, states); err != nil {
		return filter, err
	}
	if label == "" {
		return filter, nil
	}
	name, value, ok := strings.Cut(label, "=")
	if !ok || name == "" {
		return filter, usage("--label is %q: write name=value", label)
	}
	filter.Label, filter.Value = name, value
	return filter, nil
}

func (t *tool) show() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "show ID",
		Short:             "Show what is known of a tenant",
		Example:           "  tenants show acme\n  tenants show acme --json",
		Args:              arguments("an ID"),
		ValidArgsFunction: t.completeTenant,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return t.run(cmd, toLook, func(ctx context.Context, s *session) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			d, err := s.details(ctx, id)
			if err != nil {
				return err
			}
			return s.print(d, d.text(&s.terminal))
		})
	}
	return cmd
}
