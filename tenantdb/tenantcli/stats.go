package tenantcli

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

// lengths are what stats adds up by.
var lengths = []string{"hour", "day"}

func (t *tool) stats() *cobra.Command {
	by, since := "", ""
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Add up all tenants: states, sizes, calls, errors",
		Long: `Stats prints how many tenants are in which state, how large they are together, and by the hour or the day,
of UTC, how many were called, the calls, those that failed and those that were slow. With --json it is one
object. It reads what services have recorded (fleet.Recorder), and opens no tenant.`,
		Example: "  stats\n  stats --by day --since 14d\n  stats --since 6h --json",
		Args:    arguments(),
	}
	cmd.Flags().StringVar(&by, "by", "", "add up by the `hour` or the day (default: hour)")
	cmd.Flags().StringVar(&since, "since", "", "from the hour or day on that was so long ago, a `time` (default: 1d)")
	_ = cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions(lengths, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := oneOf("--by", by, lengths); err != nil {
			return err
		}
		ago, err := spanFlag(cmd, "since", since)
		if err != nil {
			return err
		}
		if !cmd.Flags().Changed("since") {
			ago = 24 * time.Hour
		}
		length := time.Hour
		switch by {
		case "":
			by = "hour"
		case "day":
			length = 24 * time.Hour
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			from := time.Now().Add(-ago).UTC().Truncate(length)
			all, err := s.catalog.Totals(ctx, from, length)
			if err != nil {
				return err
			}
			record := totalsOf(all, from, by)
			return s.print(record, record.text(&s.terminal))
		})
	}
	return cmd
}
