package tenantcli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// backupRecord is a backup as it is printed.
type backupRecord struct {
	Tenant        string  `json:"tenant"`
	Sequence      int64   `json:"sequence"`
	TakenAt       *string `json:"taken_at"`
	SizeBytes     int64   `json:"size_bytes"`
	SchemaVersion int64   `json:"schema_version"`
	SHA256        string  `json:"sha256"`
	Reason        string  `json:"reason,omitempty"`
}

func backupOf(b lifecycle.Backup) backupRecord {
	return backupRecord{
		Tenant: b.Database.Tenant.String(), Sequence: b.Sequence, TakenAt: stamp(b.Database.Taken),
		SizeBytes: b.Database.Size, SchemaVersion: b.Database.SchemaVersion, SHA256: b.Database.SHA256, Reason: b.Reason,
	}
}

// text returns the line that is printed of a backup.
func (b backupRecord) text() string {
	taken := "-"
	if b.TakenAt != nil {
		taken = *b.TakenAt
	}
	line := fmt.Sprintf("%s  %6d  %s  %s", pad(b.Tenant, 24), b.Sequence, taken, size(b.SizeBytes))
	if b.Reason != "" {
		line += "  " + clean(b.Reason)
	}
	return line
}

// ofBackup is what commands on several backups print of each: what became of it.
type ofBackup struct {
	backupRecord
	DryRun bool   `json:"dry_run"`
	Result string `json:"result"`
	Error  string `json:"error,omitempty"`
}

// report prints what became of one of several backups, and counts it.
func (s *session) report(w *writing, c *count, b backupRecord, result string, err error) error {
	record := ofBackup{b, w.dryRun, result, ""}
	if err != nil {
		record.Result, record.Error = failedResult, err.Error()
		s.failed(c, err)
	} else {
		c.good++
	}
	text := pad(record.Result, 10) + "  " + b.text()
	if w.dryRun {
		text = "would be " + text
	}
	return s.print(record, text)
}

func (t *tool) backup() *cobra.Command {
	var w writing
	var all, again bool
	var filter struct{ state, label string }
	cmd := &cobra.Command{
		Use:   "backup [ID...]",
		Short: "Back up tenants while they are used",
		Long: `Backup copies one state of each tenant, verifies the copy, and then gives it its name among the
backups. A tenant to which nothing was written since its last backup is skipped.`,
		Example:           "  backup acme\n  backup --all\n  backup --all --label plan=pro --json",
		ValidArgsFunction: t.completeTenants,
	}
	w.dryRunFlag(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "all tenants, or those that the other flags mean")
	cmd.Flags().BoolVar(&again, "again", false, "also what has not changed")
	cmd.Flags().StringVar(&filter.state, "state", "", "with --all: only those in the `state`")
	cmd.Flags().StringVar(&filter.label, "label", "", "with --all: only those with the label, as `name=value`")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return usage("%s needs IDs, or --all (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		wanted, err := filterOf(filter.state, filter.label)
		if err != nil {
			return err
		}
		ids := make([]tenantdb.ID, len(args))
		for i, arg := range args {
			if ids[i], err = parseID(arg); err != nil {
				return err
			}
		}
		o := lifecycle.BackupOptions{}
		if again {
			o.Unchanged = lifecycle.CopyUnchanged
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			switch {
			case w.dryRun:
				return s.backupRehearsal(ctx, ids, wanted)
			case all:
				return s.backupAll(ctx, &w, wanted, o)
			}
			return s.backupSome(ctx, &w, ids, o)
		})
	}
	return cmd
}

// reportBackup is report of what a backup has done.
func (s *session) reportBackup(w *writing, c *count, id tenantdb.ID, b lifecycle.BackedUp, err error) error {
	record, result := backupRecord{Tenant: id.String()}, "backed up"
	if err == nil {
		record = backupOf(b.Backup)
	}
	if b.Skipped {
		result = "unchanged"
	}
	return s.report(w, c, record, result, err)
}

// backupSome backs up those that are named, one after the other.
func (s *session) backupSome(ctx context.Context, w *writing, ids []tenantdb.ID, o lifecycle.BackupOptions) error {
	var c count
	for _, id := range ids {
		progress := s.progress("backing up "+id.String(), -1)
		o.Snapshot.Progress = func(copied, pages int) { progress.at(int64(copied), int64(pages)) }
		b, err := s.tenants.Backup(ctx, id, o)
		progress.end()
		if err != nil && len(ids) == 1 {
			return err
		}
		if err := s.reportBackup(w, &c, id, b, err); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return c.result()
}

func (s *session) backupAll(ctx context.Context, w *writing, filter catalog.Filter, o lifecycle.BackupOptions) error {
	files, err := s.tenants.Tenants(ctx)
	if err != nil {
		return err
	}
	progress := s.progress("backing up", int64(len(files)))
	defer progress.end()
	var c count
	for b, err := range s.tenants.BackupAll(ctx, filter, o) {
		if err != nil {
			return err
		}
		progress.clear()
		if err := s.reportBackup(w, &c, b.Tenant, b.BackedUp, b.Err); err != nil {
			return err
		}
		progress.at(int64(c.good+c.bad), int64(len(files)))
	}
	return c.result()
}

// backupRehearsal prints which tenants would be backed up. Whether one has changed is
// found out when it is.
func (s *session) backupRehearsal(ctx context.Context, ids []tenantdb.ID, filter catalog.Filter) error {
	var c count
	would := func(id string) error {
		c.good++
		return s.print(ofBackup{backupRecord{Tenant: id}, true, "backed up", ""}, "would be backed up  "+id)
	}
	for _, id := range ids {
		if err := s.usable(ctx, "backup", id); err != nil {
			if len(ids) == 1 {
				return err
			}
			s.failed(&c, err)
		} else if err := would(id.String()); err != nil {
			return err
		}
	}
	if len(ids) > 0 {
		return c.result()
	}
	for r, err := range s.all(ctx, filter) {
		if err != nil {
			return err
		}
		switch catalog.State(r.State) {
		case catalog.Active, catalog.Suspended, catalog.Quarantined, unregistered:
			if err := would(r.ID); err != nil {
				return err
			}
		case catalog.Creating, catalog.Deleting, catalog.Deleted:
		}
	}
	return nil
}
