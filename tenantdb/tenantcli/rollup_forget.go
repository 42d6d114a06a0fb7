package tenantcli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// forgotten is what was forgotten of a rollup, as it is printed.
type forgotten struct {
	Rollup  string `json:"rollup"`
	DryRun  bool   `json:"dry_run"`
	Result  string `json:"result"`
	Tenants int64  `json:"tenants"` // of which there was a mark
}

func (r forgotten) text() string {
	text := fmt.Sprintf("%s %s  tenants: %d", r.Result, clean(r.Rollup), r.Tenants)
	if r.DryRun {
		text = "would be " + text
	}
	return text
}

func (t *tool) rollupForget() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:   "forget NAME...",
		Short: "Forget how far rollups are that no program has any more",
		Long: `Forget takes rollups that were renamed or removed out of what rollup status prints. What they have
summed up stays in the application's tables. One that is run again begins anew: it sums up all windows
since its beginning once more. It needs --yes, or asks.`,
		Example:           "  rollup forget hourly_v1 --yes",
		ValidArgsFunction: t.completeRan,
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s needs the name of a rollup (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
		}
		return nil
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		names := slices.Compact(slices.Sorted(slices.Values(args)))
		return t.run(cmd, w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			if _, err := s.ran(ctx, time.Now(), names); err != nil {
				return err
			}
			if err := s.agree(ctx, &w, "Forget how far "+strings.Join(names, ", ")+" is?"); err != nil {
				return err
			}
			for _, name := range names {
				record := forgotten{Rollup: name, DryRun: w.dryRun, Result: "forgotten"}
				var err error
				if record.Tenants, err = s.forgetRollup(ctx, &w, name); err != nil {
					return err
				}
				if err := s.print(record, record.text()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return cmd
}

// forgetRollup forgets a rollup, or says of how many tenants it would.
func (s *session) forgetRollup(ctx context.Context, w *writing, name string) (tenants int64, err error) {
	if !w.dryRun {
		return s.catalog.ForgetRollup(ctx, name)
	}
	for m, err := range s.catalog.Rollups(ctx) {
		if err != nil {
			return 0, err
		}
		if m.Name == name {
			tenants++
		}
	}
	return tenants, nil
}
