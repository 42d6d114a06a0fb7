package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// backups returns the command of that name, with those below it.
func (t *tool) backups() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "backups",
		Short:   "List, prune and verify backups, and say what is due",
		Example: "  backups list acme\n  backups status --policy backups.json\n  backups prune --keep-last 7 --keep-for 90d --yes",
	})
	cmd.AddCommand(t.backupsList(), t.backupsStatus(), t.backupsPrune(), t.backupsVerify())
	return cmd
}

// optionalID reads the one argument that may be left out.
func optionalID(args []string) (tenantdb.ID, error) {
	if len(args) == 0 {
		return tenantdb.ID{}, nil
	}
	return parseID(args[0])
}

// whose says which backups are meant: a tenant's, those of all there are, or the global database's.
type whose struct {
	id     tenantdb.ID
	global bool
}

func (o *whose) flag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.global, "global", false, "those of global.db, not of tenants")
}

// read reads the one argument, which may be left out.
func (o *whose) read(cmd *cobra.Command, args []string) (err error) {
	if o.global && len(args) > 0 {
		return usage("%s takes an ID or --global (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
	}
	o.id, err = optionalID(args)
	return err
}

// all reports whether those of all there are are meant.
func (o whose) all() bool { return o.id.IsZero() && !o.global }

func (s *session) backupsOf(ctx context.Context, o whose) iter.Seq2[lifecycle.Backup, error] {
	if o.global {
		return s.tenants.GlobalBackups(ctx)
	}
	return s.tenants.Backups(ctx, o.id)
}

func (t *tool) backupsList() *cobra.Command {
	var of whose
	cmd := &cobra.Command{
		Use:               "list [ID]",
		Short:             "List the backups of a tenant, or of all, oldest first",
		Example:           "  backups list acme\n  backups list --global\n  backups list --json",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	of.flag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := of.read(cmd, args); err != nil {
			return err
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			var c count
			for b, err := range s.backupsOf(ctx, of) {
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

func (t *tool) backupsVerify() *cobra.Command {
	var of whose
	var every bool
	var sequence int64
	cmd := &cobra.Command{
		Use:   "verify [ID]",
		Short: "Read backups again and check that they can be restored",
		Long: `Verify reads the last backup of a tenant, or of all, or with --every each of them: its size and
SHA-256, SQLite's checks, its schema, and whether this program could restore it. That there is none is an error.`,
		Example:           "  backups verify\n  backups verify acme --backup 12\n  backups verify --every --json",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	of.flag(cmd)
	cmd.Flags().BoolVar(&every, "every", false, "all backups, not only the last of each tenant")
	cmd.Flags().Int64Var(&sequence, "backup", 0, "the backup's `number`, of the tenant that is named")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := of.read(cmd, args)
		switch {
		case err != nil:
			return err
		case sequence != 0 && (of.all() || every):
			return usage("--backup is for one tenant or --global, without --every (see %s --help)", cmd.CommandPath())
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			return s.verify(ctx, s.backupsOf(ctx, of), verification{sequence, every})
		})
	}
	return cmd
}

// verification says which of the backups are meant.
type verification struct {
	sequence int64 // if not 0: this one
	every    bool  // not only each owner's last
}

// verify reads those backups again that are meant.
func (s *session) verify(ctx context.Context, backups iter.Seq2[lifecycle.Backup, error], v verification) error {
	var list []lifecycle.Backup // their names, some hundred bytes each
	var c count
	for b, err := range backups {
		of := b.Database.Tenant
		switch {
		case err != nil && !errors.Is(err, lifecycle.ErrBadBackup):
			return err
		case v.sequence != 0 && b.Sequence != v.sequence:
		case err != nil:
			if err := s.report(&writing{}, &c, backupOf(b), "", err); err != nil {
				return err
			}
		case !v.every && len(list) > 0 && list[len(list)-1].Database.Tenant == of:
			list[len(list)-1] = b
		default:
			list = append(list, b)
		}
	}
	if len(list) == 0 && c.bad == 0 { // not that all is well
		return &tenantdb.Error{Op: "verify", Err: lifecycle.ErrNoBackup}
	}
	progress := s.progress("verifying", int64(len(list)))
	defer progress.end()
	for i, b := range list {
		err := s.verifyOne(ctx, b)
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

func (s *session) verifyOne(ctx context.Context, b lifecycle.Backup) (err error) {
	if b.Global() {
		_, err = s.tenants.VerifyGlobal(ctx, b.Sequence)
	} else {
		_, err = s.tenants.Verify(ctx, b.Database.Tenant, b.Sequence)
	}
	return err
}
