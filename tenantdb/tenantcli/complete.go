package tenantcli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/tenantdb/catalog"
)

// maxCompletions is how many names a shell is given. Of more, nobody chooses one.
const maxCompletions = 200

// completeTenant completes the first argument with tenants' IDs, described by their names.
func (t *tool) completeTenant(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return t.completeTenants(cmd, nil, begun)
}

// completeTenants completes every argument with tenants' IDs.
func (t *tool) completeTenants(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return t.complete(cmd, func(ctx context.Context, s *session) (found []cobra.Completion, _ error) {
		for r, err := range s.all(ctx, catalog.Filter{}) {
			if err != nil {
				return nil, err
			}
			if !strings.HasPrefix(r.ID, begun) {
				continue
			}
			if found = append(found, cobra.CompletionWithDesc(r.ID, clean(r.DisplayName))); len(found) == maxCompletions {
				break
			}
		}
		return found, nil
	})
}

// complete gives a shell what f finds in the data folder.
func (t *tool) complete(cmd *cobra.Command, f func(context.Context, *session) ([]cobra.Completion, error)) (found []cobra.Completion, _ cobra.ShellCompDirective) {
	if cmd.Context() == nil {
		cmd.SetContext(context.Background())
	}
	err := t.run(cmd, toLook, func(ctx context.Context, s *session) (err error) {
		found, err = f(ctx, s)
		return err
	})
	if err != nil {
		cobra.CompDebugln(err.Error(), false)
		return nil, cobra.ShellCompDirectiveError | cobra.ShellCompDirectiveNoFileComp
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// oneOf refuses a value that is none of the known ones. The empty one is no value.
func oneOf(what, value string, known []string) error {
	if value == "" {
		return nil
	}
	for _, k := range known {
		if k == value {
			return nil
		}
	}
	return usage("%s is %q%s", what, value, nearest.Suggestion(value, known))
}
