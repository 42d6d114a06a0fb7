package tenantcli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// aliasRecord is an alias as it is printed.
type aliasRecord struct {
	Kind      string  `json:"kind"`
	Value     string  `json:"value"`
	Tenant    string  `json:"tenant"`
	CreatedAt *string `json:"created_at"`
}

func aliasOf(a catalog.Alias) aliasRecord {
	return aliasRecord{Kind: a.Kind, Value: a.Value, Tenant: a.Tenant.String(), CreatedAt: stamp(a.CreatedAt)}
}

// alias returns the command of that name, with those below it.
func (t *tool) alias() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "alias",
		Short:   "Names that tenants have elsewhere: domains, organisations' IDs",
		Example: "  tenants alias add acme domain=acme.example",
	})
	cmd.AddCommand(t.aliasAdd(), t.aliasRemove(), t.aliasList())
	return cmd
}

// aliasDone is what a command that changes an alias prints.
type aliasDone struct {
	done
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

func (s *session) didAlias(w *writing, operation, tenant, result, kind, value string) error {
	text := result + " " + clean(kind+"="+value)
	if w.dryRun {
		text = "would be " + text
	}
	return s.print(aliasDone{done{operation, tenant, w.dryRun, result}, kind, value}, text)
}

func kindAndValue(text string) (kind, value string, err error) {
	kind, value, ok := strings.Cut(text, "=")
	if !ok || kind == "" || value == "" {
		return "", "", usage("the alias is %q: write kind=value", text)
	}
	return kind, value, nil
}

func (t *tool) aliasAdd() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:               "add ID KIND=VALUE",
		Short:             "Give a tenant an alias, or move one to it",
		Example:           "  tenants alias add acme domain=acme.example",
		Args:              arguments("an ID", "an alias"),
		ValidArgsFunction: t.completeTenant,
	}
	var from string
	w.dryRunFlag(cmd)
	cmd.Flags().StringVar(&from, "move-from", "", "the `tenant` that has the alias now, in one step")
	_ = cmd.RegisterFlagCompletionFunc("move-from", t.completeTenants)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		kind, value, err := kindAndValue(args[1])
		if err != nil {
			return err
		}
		var before tenantdb.ID
		if from != "" {
			if before, err = parseID(from); err != nil {
				return err
			}
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			switch {
			case w.dryRun:
				err = s.rehearseAlias(ctx, id, before, kind, value)
			case from != "":
				err = s.catalog.MoveAlias(ctx, kind, value, before, id)
			default:
				err = s.catalog.AddAlias(ctx, id, kind, value)
			}
			if err != nil {
				return err
			}
			return s.didAlias(&w, "alias add", id.String(), "added", kind, value)
		})
	}
	return cmd
}

// rehearseAlias fails if the tenant could not be given the alias, or it is not before's to be moved.
func (s *session) rehearseAlias(ctx context.Context, id, before tenantdb.ID, kind, value string) error {
	const operation = "alias add"
	if err := s.registered(ctx, operation, id); err != nil {
		return err
	}
	if before.IsZero() || s.catalog == nil {
		return s.aliasFree(ctx, operation, id, kind, value)
	}
	has, err := s.catalog.LookupAlias(ctx, kind, value)
	if err == nil && has != before {
		err = &tenantdb.Error{Op: operation, Tenant: id, Err: &catalog.AliasTakenError{Alias: catalog.Alias{Kind: kind, Value: value, Tenant: has}}}
	}
	return err
}

func (t *tool) aliasRemove() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:     "remove KIND=VALUE",
		Short:   "Take an alias from whoever has it",
		Example: "  tenants alias remove domain=acme.example",
		Args:    arguments("an alias"),
	}
	w.dryRunFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		kind, value, err := kindAndValue(args[0])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			if s.catalog == nil {
				return &tenantdb.Error{Op: "alias remove", Err: catalog.ErrUnknownAlias}
			}
			has, err := s.catalog.LookupAlias(ctx, kind, value)
			if err != nil {
				return err
			}
			if !w.dryRun {
				if err := s.catalog.RemoveAlias(ctx, kind, value); err != nil {
					return err
				}
			}
			return s.didAlias(&w, "alias remove", has.String(), "removed", kind, value)
		})
	}
	return cmd
}

func (t *tool) aliasList() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "list [ID]",
		Short:             "List the aliases of a tenant, or of all",
		Example:           "  tenants alias list acme",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return t.run(cmd, toLook, func(ctx context.Context, s *session) error {
			if len(args) > 0 {
				id, err := parseID(args[0])
				if err != nil {
					return err
				}
				d, err := s.details(ctx, id)
				if err != nil {
					return err
				}
				return s.printAliases(d.Aliases)
			}
			for r, err := range s.all(ctx, catalog.Filter{}) {
				if err != nil {
					return err
				}
				if r.State == unregistered {
					continue
				}
				id, err := tenantdb.ParseID(r.ID)
				if err != nil {
					return err
				}
				aliases, err := s.catalog.Aliases(ctx, id)
				if err != nil {
					return err
				}
				var records []aliasRecord
				for _, a := range aliases {
					records = append(records, aliasOf(a))
				}
				if err := s.printAliases(records); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return cmd
}

func (s *session) printAliases(aliases []aliasRecord) error {
	for _, a := range aliases {
		if err := s.print(a, pad(a.Tenant, 24)+"  "+clean(a.Kind+"="+a.Value)); err != nil {
			return err
		}
	}
	return nil
}
