package tenantcli

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// policyFlag adds the flag that names a file of rules.
func (t *tool) policyFlag(cmd *cobra.Command) {
	cmd.PersistentFlags().StringVar(&t.policy, "policy", "", "a `file` of rules that say how often whom is backed up and what is kept, as JSON (default: the program's own)")
	_ = cmd.MarkPersistentFlagFilename("policy", "json")
}

// readPolicy reads the file that --policy names, if it does.
func (t *tool) readPolicy() error {
	if t.policy == "" {
		return nil
	}
	text, err := os.ReadFile(t.policy)
	if err != nil {
		return usage("--policy: %w", err)
	}
	if t.options.Lifecycle.Rules, err = lifecycle.ParseRules(text); err != nil {
		return &codedError{code: ExitUsage, err: &tenantdb.Error{Op: "read the policy", Path: t.policy, Err: err, Hint: "see the section on backups in docs/commands.md"}}
	}
	return nil
}

// statusRecord is how a tenant stands with its backups, as it is printed.
type statusRecord struct {
	Tenant     string  `json:"tenant"`
	Due        bool    `json:"due"`
	DueAt      *string `json:"due_at"` // null if it is due
	Sequence   int64   `json:"sequence"`
	TakenAt    *string `json:"taken_at"` // null if it has no backup that can be read
	Backups    int     `json:"backups"`
	Interval   int64   `json:"interval_seconds"`
	Durability string  `json:"durability"`
	KeepLast   int     `json:"keep_last"`
	KeepFor    int64   `json:"keep_for_seconds"`
}

func statusOf(s lifecycle.BackupStatus) statusRecord {
	r := statusRecord{
		Tenant: ownerName(s.Tenant), Due: s.Due(), DueAt: stamp(s.DueAt), Backups: s.Count,
		Interval: int64(s.Rule.Interval / time.Second), Durability: s.Rule.Durability.String(),
		KeepLast: s.Rule.Retention.Last, KeepFor: int64(s.Rule.Retention.For / time.Second),
	}
	if s.Last != nil {
		r.Sequence, r.TakenAt = s.Last.Sequence, stamp(s.Last.Database.Taken)
	}
	return r
}

// text returns the line that status prints.
func (r statusRecord) text(t *terminal) string {
	due, taken := t.paint(yellow, "due now             "), "never"
	if r.DueAt != nil {
		due = *r.DueAt
	}
	if r.TakenAt != nil {
		taken = *r.TakenAt
	}
	return fmt.Sprintf("%s  %s  last %s, of %d", pad(r.Tenant, 24), due, taken, r.Backups)
}

func (t *tool) backupsStatus() *cobra.Command {
	var filter struct{ state, label string }
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say whose backups are due, and by which rules",
		Long: `Status prints a line for each tenant, and one for global.db: when it is due by the rules, and when its
last backup was taken. The rules are the program's own or those of the file that --policy names;
without any, all are due. It opens no tenant.`,
		Example: "  backups status --policy backups.json\n  backups status --label plan=pro --json",
		Args:    arguments(),
	}
	cmd.Flags().StringVar(&filter.state, "state", "", "only tenants in the `state`")
	cmd.Flags().StringVar(&filter.label, "label", "", "only tenants with the label, as `name=value`")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		wanted, err := filterOf(filter.state, filter.label)
		if err != nil {
			return err
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			for status, err := range s.tenants.BackupStatuses(ctx, wanted) {
				if err != nil {
					return err
				}
				r := statusOf(status)
				if err := s.print(r, r.text(&s.terminal)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return cmd
}
