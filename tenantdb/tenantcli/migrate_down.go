package tenantcli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

func (t *tool) migrateDown() *cobra.Command {
	m := migration{doing: "taking down"}
	to, undo := int64(0), int64(0)
	cmd := &cobra.Command{
		Use:   "down [ID...]",
		Short: "Take migrations down, with what they hold",
		Long: `Down takes down the migrations behind the one of --to NUMBER, the last one first, by what is under
their "-- +goose Down"; 0 takes down all. With --undo RUN it takes back what that run of migrate up has
done, and nothing else: each tenant goes back to the version that it had. What a Down removes is lost.

A service of the newer release migrates a tenant up again when it next opens it: stop it before, or
have it open the folder with MigrateVerify.`,
		Example:           "  migrate down --undo 12 --dry-run\n  migrate down --undo 12 --yes\n  migrate down acme --to 7 --yes",
		ValidArgsFunction: t.completeTenants,
	}
	m.flags(cmd)
	m.w.yesFlag(cmd)
	cmd.Flags().Int64Var(&to, "to", 0, "the `number` of the migration that is to be the last one")
	cmd.Flags().Int64Var(&undo, "undo", 0, "take back what the `run` of this number has done")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := m.read(cmd, args); err != nil {
			return err
		}
		byRun := cmd.Flags().Changed("undo")
		if byRun == cmd.Flags().Changed("to") {
			return usage("%s needs --to or --undo (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
		}
		if to < 0 || byRun && undo < 1 {
			return usage("--to and --undo are numbers of a migration and of a run")
		}
		return t.run(cmd, m.w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			what, run := fmt.Sprintf("--to %d", to), func(ctx context.Context, o fleet.MigrateOptions) (catalog.Run, error) {
				return s.tenants.migrateDown(ctx, to, o)
			}
			if byRun {
				what, run = fmt.Sprintf("--undo %d", undo), func(ctx context.Context, o fleet.MigrateOptions) (catalog.Run, error) {
					return s.tenants.migrateUndo(ctx, undo, o)
				}
			}
			m.again = fmt.Sprintf("%s migrate down %s --resume", s.program(), what)
			if err := s.agree(ctx, &m.w, "Take migrations down? What they hold is lost."); err != nil {
				return err
			}
			return s.runMigration(ctx, &m, run)
		})
	}
	return cmd
}

func (t *tool) migrateRedo() *cobra.Command {
	m := migration{doing: "doing again"}
	cmd := &cobra.Command{
		Use:   "redo [ID...]",
		Short: "Take the last migration down and run it again",
		Long: `Redo takes the last migration of each tenant down, with what it holds, and runs it again, for a
migration that is being written. Both are one transaction.`,
		Example:           "  migrate redo demo --yes\n  migrate redo --dry-run",
		ValidArgsFunction: t.completeTenants,
	}
	m.flags(cmd)
	m.w.yesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := m.read(cmd, args); err != nil {
			return err
		}
		return t.run(cmd, m.w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			m.again = s.program() + " migrate redo --resume"
			if err := s.agree(ctx, &m.w, "Take the last migration down and run it again? What it holds is lost."); err != nil {
				return err
			}
			return s.runMigration(ctx, &m, s.tenants.migrateRedo)
		})
	}
	return cmd
}
