package tenantcli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// backupCall is what a call of backup asks for.
type backupCall struct {
	w                       writing
	all, global, due, again bool
	state, label            string
	ids                     []tenantdb.ID
	filter                  catalog.Filter
}

func (t *tool) backup() *cobra.Command {
	var c backupCall
	cmd := &cobra.Command{
		Use:   "backup [ID...]",
		Short: "Back up tenants while they are used",
		Long: `Backup copies one state of each tenant, verifies the copy, and then gives it its name among the
backups. A tenant to which nothing was written since its last backup is skipped. With --all, and
no other flag that says whose, global.db is backed up too, after the tenants.

With --due those are skipped that are not due by the rules, which are the program's own or those of
the file that --policy names.`,
		Example:           "  backup acme\n  backup --all\n  backup --all --due --policy backups.json\n  backup --all --label plan=pro --json\n  backup --global",
		ValidArgsFunction: t.completeTenants,
	}
	c.w.dryRunFlag(cmd)
	cmd.Flags().BoolVar(&c.all, "all", false, "all tenants, or those that the other flags mean")
	cmd.Flags().BoolVar(&c.global, "global", false, "global.db, which has the catalog")
	cmd.Flags().BoolVar(&c.due, "due", false, "only what is due by the rules")
	cmd.Flags().BoolVar(&c.again, "again", false, "also what has not changed")
	cmd.Flags().StringVar(&c.state, "state", "", "with --all: only those in the `state`")
	cmd.Flags().StringVar(&c.label, "label", "", "with --all: only those with the label, as `name=value`")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		said := 0
		for _, is := range []bool{c.all, c.global, len(args) > 0} {
			if is {
				said++
			}
		}
		if said != 1 {
			return usage("%s needs IDs, or --all, or --global (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if c.filter, err = filterOf(c.state, c.label); err != nil {
			return err
		}
		c.ids = make([]tenantdb.ID, len(args))
		for i, arg := range args {
			if c.ids[i], err = parseID(arg); err != nil {
				return err
			}
		}
		rehearsal := toLook
		if c.due {
			rehearsal = toList
		}
		return t.run(cmd, c.w.purposeOr(rehearsal, toChange), func(ctx context.Context, s *session) error { return s.backUp(ctx, &c) })
	}
	return cmd
}

func (s *session) backUp(ctx context.Context, call *backupCall) error {
	o := lifecycle.BackupOptions{}
	if call.again {
		o.Unchanged = lifecycle.CopyUnchanged
	}
	if call.due {
		o.Due = lifecycle.OnlyDue
	}
	var c count
	var err error
	switch {
	case call.w.dryRun:
		err = s.rehearseBackup(ctx, call, &c, o)
	case call.global:
		err = s.backupGlobal(ctx, &call.w, &c, o)
	case call.all:
		if err = s.backupAll(ctx, &call.w, &c, call.filter, o); err == nil && call.filter == (catalog.Filter{}) {
			err = s.backupGlobal(ctx, &call.w, &c, o)
		}
	default:
		err = s.backupSome(ctx, &call.w, &c, call.ids, o)
	}
	if err != nil {
		return err
	}
	return c.result()
}

// reportBackup is report of what a backup has done.
func (s *session) reportBackup(w *writing, c *count, id tenantdb.ID, b lifecycle.BackedUp, err error) error {
	record, result := backupRecord{Tenant: ownerName(id)}, "backed up"
	if err == nil && (b.Skipped != "" || !w.dryRun) {
		record = backupOf(b.Backup)
	}
	if b.Skipped != "" {
		result = string(b.Skipped)
	}
	return s.report(w, c, record, result, err)
}

// backupSome backs up those that are named, one after the other.
func (s *session) backupSome(ctx context.Context, w *writing, c *count, ids []tenantdb.ID, o lifecycle.BackupOptions) error {
	for _, id := range ids {
		progress := s.progress("backing up "+id.String(), -1)
		o.Snapshot.Progress = func(copied, pages int) { progress.at(int64(copied), int64(pages)) }
		b, err := s.tenants.Backup(ctx, id, o)
		progress.end()
		if err != nil && len(ids) == 1 {
			return err
		}
		if err := s.reportBackup(w, c, id, b, err); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) backupGlobal(ctx context.Context, w *writing, c *count, o lifecycle.BackupOptions) error {
	progress := s.progress("backing up global.db", -1)
	o.Snapshot.Progress = func(copied, pages int) { progress.at(int64(copied), int64(pages)) }
	b, err := s.tenants.BackupGlobal(ctx, o)
	progress.end()
	return s.reportBackup(w, c, tenantdb.ID{}, b, err)
}

func (s *session) backupAll(ctx context.Context, w *writing, c *count, filter catalog.Filter, o lifecycle.BackupOptions) error {
	files, err := s.tenants.Tenants(ctx)
	if err != nil {
		return err
	}
	progress := s.progress("backing up", int64(len(files)))
	defer progress.end()
	for b, err := range s.tenants.BackupAll(ctx, filter, o) {
		if err != nil {
			return err
		}
		progress.clear()
		if err := s.reportBackup(w, c, b.Tenant, b.BackedUp, b.Err); err != nil {
			return err
		}
		progress.at(int64(c.good+c.bad), int64(len(files)))
	}
	return nil
}

// rehearseBackup prints what would become of each that is meant.
func (s *session) rehearseBackup(ctx context.Context, call *backupCall, c *count, o lifecycle.BackupOptions) error {
	ids := call.ids
	recorded := false // in the catalog, which then is not as it was
	if call.all {
		for would, err := range s.tenants.RehearseBackups(ctx, call.filter, o) {
			if err != nil {
				return err
			}
			recorded = recorded || would.Skipped == ""
			if err := s.reportBackup(&call.w, c, would.Tenant, would.BackedUp, would.Err); err != nil {
				return err
			}
		}
	}
	if call.global || call.all && call.filter == (catalog.Filter{}) {
		ids = []tenantdb.ID{{}}
	}
	for _, id := range ids {
		would, err := s.tenants.RehearseBackup(ctx, id, o)
		if id.IsZero() && recorded && would.Skipped == lifecycle.SkippedUnchanged {
			would = lifecycle.BackedUp{}
		}
		if err != nil && len(call.ids) == 1 {
			return err
		}
		if err := s.reportBackup(&call.w, c, id, would, err); err != nil {
			return err
		}
	}
	return nil
}
