package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// exported is what export prints.
type exported struct {
	done
	Path     string              `json:"path"`
	Manifest *lifecycle.Exported `json:"manifest"` // null in a dry run
}

func (t *tool) export() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:   "export ID FILE",
		Short: "Write a tenant to one file, to be imported elsewhere",
		Long: `Export writes one state of a tenant, and what the catalog knows of it, to a new file, while
the tenant is used: a tar archive of manifest.json and tenant.db, a complete SQLite
database. Do not copy tenants' files themselves while a service runs: what was written last
is in another file beside.`,
		Example: "  tenants export acme acme.tar",
		Args:    arguments("an ID", "a file"),
	}
	cmd.ValidArgsFunction = t.completeTenantThenFile
	w.dryRunFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		path, err := filepath.Abs(args[1])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			if w.dryRun {
				if err := s.tenants.Check(ctx, lifecycle.OpExport, id); err != nil {
					return err
				}
				if err := lifecycle.CheckExport(s.dir, id, path); err != nil {
					return err
				}
				return s.print(exported{done{"export", id.String(), true, "exported"}, path, nil}, "would be exported "+id.String()+" to "+path)
			}
			progress := s.progress("exporting "+id.String(), -1)
			e, err := s.tenants.Export(ctx, id, path)
			progress.end()
			if err != nil {
				return err
			}
			rows := int64(0)
			for _, table := range e.Tables {
				rows += table.Rows
			}
			return s.print(exported{done{"export", id.String(), false, "exported"}, path, &e},
				fmt.Sprintf("exported %s to %s (%s, %d rows)", id, path, size(e.Database.Size), rows))
		})
	}
	return cmd
}

// completeTenantThenFile completes a tenant's ID and then a file.
func (t *tool) completeTenantThenFile(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return t.completeTenants(cmd, nil, begun)
	}
	return nil, cobra.ShellCompDirectiveDefault
}

func (t *tool) importing() *cobra.Command {
	var w writing
	var n newcomer
	var begin bool
	cmd := &cobra.Command{
		Use:   "import FILE ID",
		Short: "Make a new tenant of an exported file",
		Long: `Import makes a tenant of a file that export has made, or of a bare database such as a backup
is, under the ID that is given. Nobody vouches for the file: one that is damaged, of another
schema, or has more in it than the migrations make is refused, and nothing is changed. Name,
labels and metadata are those of the export unless flags say otherwise; aliases only those
that flags say. A dry run looks into the file as the import would.`,
		Example: "  tenants import acme.tar acme\n  tenants import acme.tar acme-test --display-name 'Acme, test'",
		Args:    arguments("a file", "the new tenant's ID"),
	}
	w.dryRunFlag(cmd)
	n.flags(cmd)
	cmd.Flags().BoolVar(&begin, "init", false, "make the data folder if it does not exist")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[1])
		if err != nil {
			return err
		}
		c, err := n.creation(id)
		if err != nil {
			return err
		}
		why := toChange
		if begin {
			why = toBegin
		}
		if _, err := os.Stat(args[0]); err != nil {
			return &tenantdb.Error{Op: "import", Tenant: id, Path: args[0], Err: err}
		}
		run := func(t *tool, why purpose) error { return t.runImport(cmd, &w, why, args[0], c) }
		if begin && w.dryRun && !t.isThere() {
			err = t.elsewhere(func(t *tool) error { return run(t, toBegin) })
		} else {
			err = run(t, w.purpose(why))
		}
		return namePlainly(err, args[0])
	}
	return cmd
}

func (t *tool) runImport(cmd *cobra.Command, w *writing, why purpose, path string, c creation) error {
	return t.run(cmd, why, func(ctx context.Context, s *session) error {
		if w.dryRun {
			made, result, err := s.rehearseImport(ctx, path, c)
			if err != nil {
				return err
			}
			return s.did(w, "import", made, result)
		}
		result := s.foundOr(ctx, c, "imported")
		progress := s.progress("importing "+c.ID.String(), -1)
		made, err := s.tenants.importFile(ctx, path, c)
		progress.end()
		if err != nil {
			return err
		}
		return s.did(w, "import", made.ID.String(), result)
	})
}

// namePlainly adds to the refusal of a file that was named by a path with links or .. in it how
// it is called without.
func namePlainly(err error, path string) error {
	if !errors.Is(err, tenantdb.ErrUnfit) {
		return err
	}
	target, resolveErr := filepath.EvalSymlinks(path)
	abs, absErr := filepath.Abs(path)
	plain, plainErr := filepath.Abs(target)
	if errors.Join(resolveErr, absErr, plainErr) != nil ||
		plain == abs && !slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "..") {
		return err
	}
	return &hintedError{err, "nothing was changed; if that is the file that is meant, name it as " + plain}
}
