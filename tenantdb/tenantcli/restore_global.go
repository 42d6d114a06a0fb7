package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// restoreGlobal restores global.db. It opens neither that, which may be damaged, nor any tenant.
func (t *tool) restoreGlobal(cmd *cobra.Command, w *writing, why purpose, sequence int64) (err error) {
	ctx := catalog.WithActor(cmd.Context(), t.actor)
	dir, err := t.openDir(ctx, cmd, why)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	s := &session{tool: t, cmd: cmd, dir: dir}
	return s.restoreGlobal(ctx, w, sequence)
}

func (s *session) restoreGlobal(ctx context.Context, w *writing, sequence int64) error {
	if w.dryRun {
		b, err := lifecycle.InspectGlobal(ctx, s.dir, sequence, s.options.Lifecycle)
		if err != nil {
			return err
		}
		return s.print(restored{done{"restore", ownerName(tenantdb.ID{}), true, "restored"}, ownerName(tenantdb.ID{}), b.Sequence, nil},
			fmt.Sprintf("would be restored global.db from backup %d", b.Sequence))
	}
	if err := s.agree(ctx, w, fmt.Sprintf("Replace %s, with the catalog, by an older one?", filepath.Join(s.dir.Path(), "global.db"))); err != nil {
		return err
	}
	progress := s.progress("restoring global.db", -1)
	r, err := lifecycle.RestoreGlobal(ctx, s.dir, sequence, s.options.Lifecycle)
	progress.end()
	if errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
		return &hintedError{err, "stop the services that use the data folder, and try again"}
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("restored global.db from backup %d", r.Backup.Sequence)
	record := restored{done{"restore", ownerName(tenantdb.ID{}), false, "restored"}, ownerName(tenantdb.ID{}), r.Backup.Sequence, nil}
	if r.Previous != nil {
		record.Previous = &r.Previous.Sequence
		text += fmt.Sprintf("; what was there is backup %d", r.Previous.Sequence)
	} else if r.PreviousErr != nil {
		fmt.Fprintf(s.cmd.ErrOrStderr(), "what was there could not be backed up: %v\n", r.PreviousErr)
	}
	if err := s.print(record, text); err != nil {
		return err
	}
	fmt.Fprintf(s.cmd.ErrOrStderr(), "next: %s doctor compares it with the tenants that there are\n", s.program())
	return nil
}
