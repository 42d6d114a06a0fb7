package tenantcli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// restored is what restore prints.
type restored struct {
	done
	From     string `json:"from"`     // whose backup it is
	Sequence int64  `json:"sequence"` // of the backup
	Previous *int64 `json:"previous"` // the backup of what was there before, or null
}

func (t *tool) restore() *cobra.Command {
	var w writing
	var n newcomer
	var sequence int64
	var as string
	var global, begin bool
	cmd := &cobra.Command{
		Use:   "restore [ID]",
		Short: "Give a tenant, or global.db, the data of one of its backups",
		Long: `Restore takes a backup of what is there, verifies the older one, and puts it in the tenant's
place in one step: the tenant has the old data or the new, whole. With --as it makes
another tenant of the backup, and leaves the tenant alone. Without --as it needs --yes, or asks.

With --global it restores global.db, with the catalog, which no other process may have open: stop
the services. Run doctor afterwards, which compares the catalog with the tenants that there are.

With --init it makes the data folder if it does not exist, as after the loss of a machine: give
the backups with --backups.`,
		Example:           "  restore acme --yes\n  restore acme --backup 12 --as acme-june\n  restore --global --yes\n  restore --global --init --backups /mnt/backups --yes",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	n.flags(cmd)
	t.waitFlag(cmd)
	cmd.Flags().BoolVar(&global, "global", false, "global.db, in the place of a tenant")
	cmd.Flags().Int64Var(&sequence, "backup", 0, "a backup's `number` (default: the last one's)")
	cmd.Flags().StringVar(&as, "as", "", "the `ID` of a new tenant to make of it")
	cmd.Flags().BoolVar(&begin, "init", false, "make the data folder if it does not exist")
	// run calls f with the tool, and what it opens the data folder for.
	run := func(f func(t *tool, why purpose) error) error {
		switch {
		case begin && w.dryRun && !t.isThere():
			return t.elsewhere(func(t *tool) error { return f(t, toBegin) })
		case begin:
			return f(t, w.purposeOr(toList, toBegin))
		}
		return f(t, w.purposeOr(toList, toChange))
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case global == (len(args) > 0):
			return usage("%s needs an ID, or --global (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
		case global && (as != "" || n.given()):
			return usage("global.db is restored as itself: --as and what a new tenant is called are for tenants")
		case global:
			return run(func(t *tool, why purpose) error { return t.restoreGlobal(cmd, &w, why, sequence) })
		}
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		to := id
		if as != "" {
			if id, to, err = twoIDs([]string{args[0], as}); err != nil {
				return err
			}
		} else if n.given() {
			return usage("names, labels, aliases and metadata are for new tenants: name one with --as")
		}
		c, err := n.creation(to)
		if err != nil {
			return err
		}
		return run(func(t *tool, why purpose) error {
			return t.run(cmd, why, func(ctx context.Context, s *session) error {
				b, err := s.findBackup(ctx, id, sequence)
				if err != nil {
					return err
				}
				if to != id {
					return s.restoreAs(ctx, &w, b, c)
				}
				return s.restoreOver(ctx, &w, b)
			})
		})
	}
	return cmd
}

// given reports whether any flag was.
func (n *newcomer) given() bool {
	return n.name != "" || n.metadata != "" || n.key != "" || n.labels != nil || n.aliases != nil
}

// findBackup returns a backup by its number, or the last one.
func (s *session) findBackup(ctx context.Context, id tenantdb.ID, sequence int64) (lifecycle.Backup, error) {
	var last lifecycle.Backup
	var all []string
	for b, err := range s.tenants.Backups(ctx, id) {
		if err != nil && !errors.Is(err, lifecycle.ErrBadBackup) {
			return last, err
		}
		if err == nil {
			last = b
		}
		if b.Sequence == sequence {
			return b, err
		}
		all = append(all, fmt.Sprint(b.Sequence))
	}
	switch {
	case len(all) == 0:
		return last, &tenantdb.Error{Op: "restore", Tenant: id, Err: lifecycle.ErrNoBackup}
	case sequence != lifecycle.Last:
		return last, &hintedError{&tenantdb.Error{Op: "restore", Tenant: id, Err: fmt.Errorf("%w: number %d", lifecycle.ErrNoBackup, sequence)},
			fmt.Sprintf("%s backups list %s prints those it has", s.program(), id)}
	case last.Sequence == 0:
		return last, &tenantdb.Error{Op: "restore", Tenant: id, Err: lifecycle.ErrBadBackup}
	}
	return last, nil
}

func (s *session) restoreAs(ctx context.Context, w *writing, b lifecycle.Backup, c creation) error {
	from := b.Database.Tenant
	var made, result string
	var err error
	if w.dryRun {
		if made, result, err = s.rehearseCreation(ctx, "restore", c); err == nil && result != found {
			result = "restored"
			_, err = s.tenants.InspectBackup(ctx, from, b.Sequence)
		}
	} else {
		result = s.foundOr(ctx, c, "restored")
		progress := s.progress("restoring "+c.ID.String(), -1)
		var t catalog.Tenant
		t, err = s.tenants.restoreAs(ctx, from, b.Sequence, c)
		progress.end()
		made = t.ID.String()
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s %s from backup %d of %s", result, made, b.Sequence, from)
	if result == found {
		text = found + " " + made
	}
	if w.dryRun {
		text = "would be " + text
	}
	return s.print(restored{done{"restore", made, w.dryRun, result}, from.String(), b.Sequence, nil}, text)
}

func (s *session) restoreOver(ctx context.Context, w *writing, b lifecycle.Backup) error {
	id := b.Database.Tenant
	if err := s.tenants.Check(ctx, lifecycle.OpRestore, id); err != nil {
		return err
	}
	taken := ""
	if at := stamp(b.Database.Taken); at != nil {
		taken = *at
	}
	question := fmt.Sprintf("Replace the data of tenant %s by that of backup %d of %s? What is there is backed up before.", id, b.Sequence, taken)
	if err := s.agree(ctx, w, question); err != nil {
		return err
	}
	record := restored{done{"restore", id.String(), w.dryRun, "restored"}, id.String(), b.Sequence, nil}
	text := fmt.Sprintf("restored %s from backup %d of %s", id, b.Sequence, taken)
	if w.dryRun {
		if _, err := s.tenants.InspectBackup(ctx, id, b.Sequence); err != nil {
			return err
		}
		return s.print(record, "would be "+text)
	}
	progress := s.progress("restoring "+id.String(), -1)
	r, err := s.tenants.Restore(ctx, id, b.Sequence)
	progress.end()
	if err != nil {
		return err
	}
	if r.Previous != nil {
		record.Previous = &r.Previous.Sequence
		text += fmt.Sprintf("; what was there is backup %d", r.Previous.Sequence)
	}
	if r.PreviousErr != nil {
		fmt.Fprintf(s.cmd.ErrOrStderr(), "warning: what was there could not be backed up: %v\n", r.PreviousErr)
	}
	return s.print(record, text)
}
