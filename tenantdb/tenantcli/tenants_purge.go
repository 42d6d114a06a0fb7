package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// purged is what purge prints of each tenant.
type purged struct {
	done
	Until *string `json:"until"` // until when it could be brought back
	Error string  `json:"error,omitempty"`
}

func (t *tool) purge() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:   "purge [ID]",
		Short: "Remove deleted tenants for good",
		Long: `Purge removes the files of deleted tenants that cannot be brought back any more, or of the one
that is named, at once. Backups and exports stay, and with backups the ID: see erase. It needs
--yes, or asks; for a named tenant --confirm=ID.`,
		Example:           "  tenants purge --yes\n  tenants purge acme --confirm=acme",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	w.confirmFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return t.run(cmd, w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			if len(args) > 0 {
				return s.purgeOne(ctx, &w, args[0])
			}
			if err := s.agree(ctx, &w, "Remove all deleted tenants whose time is over, for good?"); err != nil {
				return err
			}
			each := s.tenants.Purge(ctx)
			if w.dryRun {
				each = s.tenants.Purgeable(ctx)
			}
			var c count
			for p, err := range each {
				if err != nil {
					return err
				}
				if err := s.printPurged(&w, &c, p); err != nil {
					return err
				}
			}
			return c.result()
		})
	}
	return cmd
}

func (s *session) printPurged(w *writing, c *count, p lifecycle.Purged) error {
	id, result := p.Tombstone.Tenant.ID.String(), "purged"
	record := purged{done{"purge", id, w.dryRun, result}, stamp(p.Tombstone.Until), ""}
	if p.Err != nil {
		record.Result, record.Error = failedResult, p.Err.Error()
		s.failed(c, p.Err)
	} else {
		c.good++
	}
	text := fmt.Sprintf("%s %s, deleted %s", record.Result, id, p.Tombstone.Tenant.ChangedAt.UTC().Format(time.RFC3339))
	if w.dryRun {
		text = "would be " + text
	}
	return s.print(record, text)
}

func (s *session) purgeOne(ctx context.Context, w *writing, name string) error {
	id, err := parseID(name)
	if err != nil {
		return err
	}
	if _, err = s.details(ctx, id); err == nil {
		err = s.tenants.Check(ctx, lifecycle.OpPurge, id)
	}
	switch {
	case errors.Is(err, lifecycle.ErrNotDeleted):
		return &hintedError{err, fmt.Sprintf("%s tenants delete %s", s.program(), id)}
	case err != nil:
		return err
	}
	if err := s.confirm(ctx, w, id.String(), fmt.Sprintf("Tenant %s cannot be brought back afterwards, but from backups.", id)); err != nil {
		return err
	}
	if !w.dryRun {
		if err := s.tenants.PurgeTenant(ctx, id); err != nil {
			return err
		}
	}
	return s.did(w, "purge", id.String(), "purged")
}
