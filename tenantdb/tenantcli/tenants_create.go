package tenantcli

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// newcomer are the flags that say what a new tenant is called.
type newcomer struct {
	name, metadata, key string
	labels, aliases     []string
}

func (n *newcomer) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&n.name, "display-name", "", "what the tenant is called for people")
	cmd.Flags().StringArrayVar(&n.labels, "label", nil, "a label, as `name=value`; may be repeated")
	cmd.Flags().StringArrayVar(&n.aliases, "alias", nil, "its name `kind=value` elsewhere; may be repeated")
	cmd.Flags().StringVar(&n.metadata, "metadata", "", "`JSON` of any form")
	cmd.Flags().StringVar(&n.key, "key", "", "run again with the same `key`, it creates nothing")
}

// creation reads the flags.
func (n *newcomer) creation(id tenantdb.ID) (creation, error) {
	c := creation{ID: id, DisplayName: n.name, Key: n.key}
	if n.metadata != "" {
		if c.Metadata = json.RawMessage(n.metadata); !json.Valid(c.Metadata) {
			return c, usage("--metadata is no JSON: %s", n.metadata)
		}
	}
	for _, label := range n.labels {
		name, value, ok := strings.Cut(label, "=")
		if !ok || name == "" {
			return c, usage("--label is %q: write name=value", label)
		}
		if c.Labels == nil {
			c.Labels = map[string]string{}
		}
		c.Labels[name] = value
	}
	for _, text := range n.aliases {
		kind, value, ok := strings.Cut(text, "=")
		if !ok || kind == "" || value == "" {
			return c, usage("--alias is %q: write kind=value", text)
		}
		c.Aliases = append(c.Aliases, lifecycle.Alias{Kind: kind, Value: value})
	}
	return c, nil
}

// vacant fails if the ID is taken: what a dry run of a creation finds out.
func (s *session) vacant(ctx context.Context, operation string, id tenantdb.ID) error {
	d, err := s.details(ctx, id)
	switch {
	case isUnknown(err):
		return s.withoutBackups(ctx, operation, id)
	case err != nil:
		return err
	case d.State == string(catalog.Creating): // one that was interrupted, and is begun anew
		return nil
	case d.State == string(catalog.Deleted):
		return &tenantdb.Error{Op: operation, Tenant: id, Err: catalog.ErrDeleted}
	}
	return &tenantdb.Error{Op: operation, Tenant: id, Err: tenantdb.ErrTenantExists}
}

// withoutBackups fails for the ID of a tenant that is gone and whose backups are not.
func (s *session) withoutBackups(ctx context.Context, operation string, id tenantdb.ID) error {
	for _, err := range s.tenants.Backups(ctx, id) {
		if err == nil {
			err = lifecycle.ErrHasBackups
		}
		// Only what may be erased is an earlier tenant's, and not another data folder's.
		if foreign := s.tenants.Check(ctx, lifecycle.OpErase, id); errors.Is(foreign, lifecycle.ErrForeignBackups) {
			var own *tenantdb.Error
			if errors.As(foreign, &own) {
				return &tenantdb.Error{Op: operation, Tenant: id, Err: own.Err, Hint: own.Hint}
			}
		}
		return &tenantdb.Error{Op: operation, Tenant: id, Err: err}
	}
	return nil
}

func (t *tool) create() *cobra.Command {
	var w writing
	var n newcomer
	var begin bool
	cmd := &cobra.Command{
		Use:     "create ID",
		Short:   "Create a tenant",
		Example: "  tenants create acme --display-name 'Acme Inc.' --label plan=pro --alias domain=acme.example",
		Args:    arguments("an ID"),
	}
	w.dryRunFlag(cmd)
	n.flags(cmd)
	cmd.Flags().BoolVar(&begin, "init", false, "make the data folder if it does not exist")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		c, err := n.creation(id)
		if err != nil {
			return err
		}
		why := toChange
		if begin {
			why = toBegin
		}
		if begin && w.dryRun && !t.isThere() { // nothing to look into
			return (&session{tool: t, cmd: cmd}).did(&w, "create", id.String(), "created")
		}
		return t.run(cmd, w.purpose(why), func(ctx context.Context, s *session) error {
			if w.dryRun {
				made, result, err := s.rehearseCreation(ctx, "create", c)
				if err != nil {
					return err
				}
				return s.did(&w, "create", made, result)
			}
			result := s.foundOr(ctx, c, "created")
			made, err := s.tenants.create(ctx, c)
			if err != nil {
				return err
			}
			return s.did(&w, "create", made.ID.String(), result)
		})
	}
	return cmd
}
