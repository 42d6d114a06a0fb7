package tenantcli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// keyRecord is an API key as it is printed.
type keyRecord struct {
	Key        string  `json:"key"` // its ID
	Tenant     string  `json:"tenant"`
	Label      string  `json:"label"`
	State      string  `json:"state"`
	CreatedAt  *string `json:"created_at"`
	ExpiresAt  *string `json:"expires_at"`
	RevokedAt  *string `json:"revoked_at"`
	UsedAt     *string `json:"used_at"`
	ReplacedBy *string `json:"replaced_by"`
}

func keyOf(k catalog.Key) keyRecord {
	record := keyRecord{
		Key: k.ID, Tenant: k.Tenant.String(), Label: k.Label, State: string(k.State(time.Now())),
		CreatedAt: stamp(k.CreatedAt), ExpiresAt: stamp(k.ExpiresAt), RevokedAt: stamp(k.RevokedAt), UsedAt: stamp(k.UsedAt),
	}
	if k.ReplacedBy != "" {
		record.ReplacedBy = &k.ReplacedBy
	}
	return record
}

// text returns the line that is printed of a key.
func (k keyRecord) text(t *terminal) string {
	colour := ""
	if k.State == string(catalog.KeyActive) {
		colour = green
	}
	columns := []string{k.Key, pad(k.Tenant, 24), t.paint(colour, pad(k.State, 8)), pad(clean(k.Label), 16)}
	for _, c := range []struct {
		name string
		at   *string
	}{{"used", k.UsedAt}, {"expires", k.ExpiresAt}} {
		if c.at != nil {
			columns = append(columns, c.name+" "+*c.at)
		}
	}
	return strings.TrimRight(strings.Join(columns, "  "), " ")
}

// keys returns the command of that name, with those below it.
func (t *tool) keys() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "keys",
		Short:   "API keys, by which programs say which tenant they act for",
		Example: "  tenants keys create acme --label billing --expires-in 90d",
	})
	cmd.AddCommand(t.keysCreate(), t.keysList(), t.keysRotate(), t.keysRevoke())
	return cmd
}

// keyStates are what keys list filters by.
var keyStates = []string{string(catalog.KeyActive), string(catalog.KeyExpired), string(catalog.KeyRevoked)}

func (t *tool) keysList() *cobra.Command {
	var state string
	cmd := &cobra.Command{
		Use:   "list [ID]",
		Short: "List the keys of a tenant, or of all",
		Long: `List prints a line for each key: its ID, which is no secret, its tenant, its state, its label,
about when it was last used, and when it expires. The key itself is not kept anywhere.`,
		Example:           "  tenants keys list acme\n  tenants keys list --state active --json",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	cmd.Flags().StringVar(&state, "state", "", "only those in the `state`: "+strings.Join(keyStates, ", "))
	_ = cmd.RegisterFlagCompletionFunc("state", cobra.FixedCompletions(keyStates, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := optionalID(args)
		if err != nil {
			return err
		}
		if err := oneOf("--state", state, keyStates); err != nil {
			return err
		}
		return t.run(cmd, toLook, func(ctx context.Context, s *session) error {
			if !id.IsZero() {
				if _, err := s.details(ctx, id); err != nil {
					return err
				}
			}
			if s.catalog == nil {
				return nil
			}
			for k, err := range s.catalog.Keys(ctx, id) {
				if err != nil {
					return err
				}
				r := keyOf(k)
				if state != "" && r.State != state {
					continue
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

// findKey returns the key that an argument is the ID of.
func (s *session) findKey(ctx context.Context, operation, id string) (catalog.Key, error) {
	if s.catalog == nil {
		return catalog.Key{}, &tenantdb.Error{Op: operation, Err: catalog.ErrUnknownKey}
	}
	return s.catalog.Key(ctx, id)
}

// parseKey is catalog.KeyID for an argument: a text that is none is a wrong call.
func parseKey(text string) (string, error) {
	id, err := catalog.KeyID(text)
	if err != nil {
		return "", &codedError{code: ExitUsage, err: err}
	}
	return id, nil
}

// completeKey completes the first argument with the IDs of keys that are good, described by
// tenant and label.
func (t *tool) completeKey(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return t.complete(cmd, func(ctx context.Context, s *session) (found []cobra.Completion, _ error) {
		if s.catalog == nil {
			return nil, nil
		}
		for k, err := range s.catalog.Keys(ctx, tenantdb.ID{}) {
			if err != nil {
				return nil, err
			}
			if k.State(time.Now()) != catalog.KeyActive || !strings.HasPrefix(k.ID, begun) {
				continue
			}
			if found = append(found, cobra.CompletionWithDesc(k.ID, clean(strings.TrimSpace(k.Tenant.String()+" "+k.Label)))); len(found) == maxCompletions {
				break
			}
		}
		return found, nil
	})
}
