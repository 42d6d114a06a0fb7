package tenantcli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// erased is what erase prints.
type erased struct {
	done
	Manifest *lifecycle.Erased `json:"manifest"` // null in a dry run
}

func (t *tool) erase() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:   "erase ID",
		Short: "Remove all there is of a tenant, with its backups and exports",
		Long: `Erase removes a tenant's files, deleted ones too, its exports where they were written, its
backups, and what the catalog knows of it. It prints what was removed and what it could not
reach. Nothing brings the tenant back. It needs --confirm=ID, or asks; --yes is not enough.
Run again, it goes on where it was interrupted.`,
		Example:           "  tenants erase acme --dry-run\n  tenants erase acme --confirm=acme --json > erased-acme.json",
		Args:              arguments("an ID"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	w.confirmFlag(cmd)
	t.waitFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			backups, err := s.erasable(ctx, id)
			if err != nil {
				return err
			}
			warning := fmt.Sprintf("Tenant %s and its %d backups will be removed for good.", id, backups)
			if err := s.confirm(ctx, &w, id.String(), warning); err != nil {
				return err
			}
			if w.dryRun {
				return s.print(erased{done{"erase", id.String(), true, "erased"}, nil}, fmt.Sprintf("would be erased %s, with %d backups", id, backups))
			}
			progress := s.progress("erasing "+id.String(), -1)
			manifest, err := s.tenants.Erase(ctx, id)
			progress.end()
			if err != nil {
				return err
			}
			return s.print(erased{done{"erase", id.String(), false, "erased"}, &manifest}, erasedText(id, manifest))
		})
	}
	return cmd
}

// erasable counts the tenant's backups. For a protected tenant, and one of which there is
// nothing that a command could see, it is an error.
func (s *session) erasable(ctx context.Context, id tenantdb.ID) (backups int, err error) {
	for b, err := range s.tenants.Backups(ctx, id) {
		if err != nil && b.Sequence == 0 {
			return 0, err
		}
		backups++
	}
	_, err = s.details(ctx, id)
	if err != nil && !isUnknown(err) {
		return 0, err
	}
	if refused := s.tenants.Check(ctx, lifecycle.OpErase, id); refused != nil {
		return 0, refused
	}
	if isUnknown(err) {
		known := backups > 0
		for entry, err := range s.catalog.Entries(ctx, id) { // of its exports, and of an Erase before
			if err != nil {
				return 0, err
			}
			// That something was tried on a name in vain does not make it a tenant's.
			if entry.Result != lifecycle.ResultFailed && entry.Result != lifecycle.ResultVetoed {
				known = true
				break
			}
		}
		if known {
			return backups, nil
		}
	}
	return backups, err
}

// erasedText is the manifest for people.
func erasedText(id tenantdb.ID, m lifecycle.Erased) string {
	var b strings.Builder
	fmt.Fprintf(&b, "erased %s", id)
	for _, file := range m.Files {
		fmt.Fprintf(&b, "\n  file     %s (%s)", file.Path, size(file.Size))
	}
	for _, file := range m.Exports {
		fmt.Fprintf(&b, "\n  export   %s (%s)", file.Path, size(file.Size))
	}
	for _, object := range m.Backups {
		fmt.Fprintf(&b, "\n  backup   %s (%s)", object.Name, size(object.Size))
	}
	for _, alias := range m.Aliases {
		fmt.Fprintf(&b, "\n  alias    %s", clean(alias.Kind+"="+alias.Value))
	}
	for _, u := range m.Unreached {
		fmt.Fprintf(&b, "\n  not removed: %s: %s", strings.TrimSpace(u.What+" "+u.Where), u.Why)
	}
	return b.String()
}
