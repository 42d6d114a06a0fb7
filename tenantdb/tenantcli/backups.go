package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// backups returns the command of that name, with those below it.
func (t *tool) backups() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "backups",
		Short:   "List, prune and verify backups",
		Example: "  backups list acme\n  backups prune --keep-last 7 --keep-for 90d --yes",
	})
	cmd.AddCommand(t.backupsList(), t.backupsPrune(), t.backupsVerify())
	return cmd
}

// optionalID reads the one argument that may be left out.
func optionalID(args []string) (tenantdb.ID, error) {
	if len(args) == 0 {
		return tenantdb.ID{}, nil
	}
	return parseID(args[0])
}

func (t *tool) backupsList() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "list [ID]",
		Short:             "List the backups of a tenant, or of all, oldest first",
		Example:           "  backups list acme\n  backups list --json",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := optionalID(args)
		if err != nil {
			return err
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			var c count
			for b, err := range s.tenants.Backups(ctx, id) {
				if err != nil && !errors.Is(err, lifecycle.ErrBadBackup) {
					return err
				}
				if err != nil {
					s.failed(&c, err)
					continue
				}
				c.good++
				record := backupOf(b)
				if err := s.print(record, record.text()); err != nil {
					return err
				}
			}
			return c.result()
		})
	}
	return cmd
}

func (t *tool) backupsPrune() *cobra.Command {
	var w writing
	var last int
	var keepFor string
	cmd := &cobra.Command{
		Use:   "prune [ID]",
		Short: "Remove backups that need not be kept",
		Long: `Prune removes the backups of a tenant, or of all, that neither --keep-last nor --keep-for
keeps. A tenant's last backup is always kept. It needs --yes, or asks.`,
		Example:           "  backups prune --keep-last 7 --keep-for 90d --dry-run\n  backups prune acme --keep-last 1 --yes",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	cmd.Flags().IntVar(&last, "keep-last", 0, "keep so many of each tenant, the newest")
	cmd.Flags().StringVar(&keepFor, "keep-for", "", "keep those taken less than this `time` ago, as 36h or 90d")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := optionalID(args)
		if err != nil {
			return err
		}
		age, err := duration("--keep-for", keepFor)
		if err != nil {
			return err
		}
		if last <= 0 && age <= 0 {
			return usage("%s needs --keep-last or --keep-for (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
		}
		policy := lifecycle.PrunePolicy{Retention: lifecycle.Retention{Last: last, For: age}}
		if w.dryRun {
			policy.Mode = lifecycle.PruneRehearse
		}
		return t.run(cmd, w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			if err := s.agree(ctx, &w, "Remove the backups that are not kept, for good?"); err != nil {
				return err
			}
			var c count
			for p, err := range s.tenants.Prune(ctx, id, policy) {
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

// duration is time.ParseDuration with days.
func duration(flag, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(n) * 24 * time.Hour
		if err == nil && d/(24*time.Hour) != time.Duration(n) {
			err = errors.New("too long")
		}
	}
	if err != nil || d <= 0 {
		return 0, usage("%s is %q: write a time such as 36h or 90d", flag, text)
	}
	return d, nil
}

func (t *tool) backupsVerify() *cobra.Command {
	var every bool
	var sequence int64
	cmd := &cobra.Command{
		Use:   "verify [ID]",
		Short: "Read backups again and check that they can be restored",
		Long: `Verify reads the last backup of a tenant, or of all, or with --every each of them: its size and
SHA-256, SQLite's checks, its schema, and whether this program could restore it.`,
		Example:           "  backups verify\n  backups verify acme --backup 12\n  backups verify --every --json",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	cmd.Flags().BoolVar(&every, "every", false, "all backups, not only the last of each tenant")
	cmd.Flags().Int64Var(&sequence, "backup", 0, "the backup's `number`, of the tenant that is named")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := optionalID(args)
		switch {
		case err != nil:
			return err
		case sequence != 0 && (id.IsZero() || every):
			return usage("--backup is for one tenant, without --every (see %s --help)", cmd.CommandPath())
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			return s.verify(ctx, id, sequence, every)
		})
	}
	return cmd
}

// verify reads those backups of a tenant, or of all, that are meant.
func (s *session) verify(ctx context.Context, id tenantdb.ID, sequence int64, every bool) error {
	var list []lifecycle.Backup // their names, some hundred bytes each
	var c count
	for b, err := range s.tenants.Backups(ctx, id) {
		of := b.Database.Tenant
		switch {
		case err != nil && !errors.Is(err, lifecycle.ErrBadBackup):
			return err
		case sequence != 0 && b.Sequence != sequence:
		case err != nil:
			if err := s.report(&writing{}, &c, backupOf(b), "", err); err != nil {
				return err
			}
		case !every && len(list) > 0 && list[len(list)-1].Database.Tenant == of:
			list[len(list)-1] = b
		default:
			list = append(list, b)
		}
	}
	if len(list) == 0 && c.bad == 0 && !id.IsZero() {
		return &tenantdb.Error{Op: "verify", Tenant: id, Err: lifecycle.ErrNoBackup}
	}
	progress := s.progress("verifying", int64(len(list)))
	defer progress.end()
	for i, b := range list {
		_, err := s.tenants.Verify(ctx, b.Database.Tenant, b.Sequence)
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", ctx.Err())
		}
		progress.clear()
		if err := s.report(&writing{}, &c, backupOf(b), "good", err); err != nil {
			return err
		}
		progress.at(int64(i+1), int64(len(list)))
	}
	return c.result()
}
