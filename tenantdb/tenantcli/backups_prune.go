package tenantcli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

func (t *tool) backupsPrune() *cobra.Command {
	var w writing
	var last int
	var keepFor, label string
	var of whose
	cmd := &cobra.Command{
		Use:   "prune [ID]",
		Short: "Remove backups that need not be kept",
		Long: `Prune removes the backups of a tenant, or of all there are, global.db's among them, that are not
kept: by --keep-last and --keep-for, or else by the rules, which are the program's own or those of
the file that --policy names. A last backup is always kept. It needs --yes, or asks.`,
		Example: "  backups prune --keep-last 7 --keep-for 90d --dry-run\n  backups prune --policy backups.json --yes\n" +
			"  backups prune --label plan=free --keep-last 1 --yes\n  backups prune acme --keep-last 1 --yes",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	of.flag(cmd)
	cmd.Flags().IntVar(&last, "keep-last", 0, "keep so many of each tenant, the newest")
	cmd.Flags().StringVar(&keepFor, "keep-for", "", "keep those taken less than this `time` ago, as 36h or 90d")
	cmd.Flags().StringVar(&label, "label", "", "only those of tenants with the label, as `name=value`")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := of.read(cmd, args)
		if err != nil {
			return err
		}
		if label != "" && !of.all() {
			return usage("--label is for all tenants, not with an ID or --global (see %s --help)", cmd.CommandPath())
		}
		o := lifecycle.PruneOptions{}
		if o.Filter, err = filterOf("", label); err != nil {
			return err
		}
		if o.Rules, err = keeping(cmd, last, keepFor); err != nil {
			return err
		}
		if w.dryRun {
			o.Mode = lifecycle.PruneRehearse
		}
		return t.run(cmd, w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			if o.Rules == nil && len(s.options.Lifecycle.Rules) == 0 {
				return usage("%s needs --keep-last, --keep-for or --policy (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
			}
			if err := s.agree(ctx, &w, "Remove the backups that are not kept, for good?"); err != nil {
				return err
			}
			each := s.tenants.Prune(ctx, of.id, o)
			if of.global {
				each = s.tenants.PruneGlobal(ctx, o)
			}
			var c count
			for p, err := range each {
				if err != nil {
					return err
				}
				if err := s.report(&w, &c, backupOf(p.Backup), "removed", p.Err); err != nil {
					return err
				}
			}
			return c.result()
		})
	}
	return cmd
}

// keeping returns the rule that the flags are, or nil if they say nothing.
func keeping(cmd *cobra.Command, last int, keepFor string) ([]lifecycle.BackupRule, error) {
	age, err := spanFlag(cmd, "keep-for", keepFor)
	if err != nil {
		return nil, err
	}
	if last < 0 {
		return nil, usage("--keep-last is %d: keep one at least", last)
	}
	if last == 0 && age == 0 {
		return nil, nil
	}
	return []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: last, For: age}}}, nil
}
