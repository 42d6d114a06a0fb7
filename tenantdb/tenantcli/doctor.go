package tenantcli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

func (t *tool) doctor() *cobra.Command {
	var w writing
	var fix, deep bool
	cmd := &cobra.Command{
		Use:   "doctor [ID]",
		Short: "Find what is not as it should be, and mend what is safe",
		Long: `Doctor compares the catalog, the files and the backups: operations that died, files without an
entry and entries without a file, leftovers, strays, permissions, long logs. With --deep it
also reads each file: SQLite's checks, foreign keys, and the schema against the migrations.
With --fix it mends what loses no data. It may run while all is used.

Exit codes: 0 all is well, or mended; 4 something is left, as is each that --fix could mend.`,
		Example:           "  doctor\n  doctor --deep --json\n  doctor acme --fix",
		Args:              arguments("[an ID]"),
		ValidArgsFunction: t.completeTenant,
	}
	cmd.Flags().BoolVar(&fix, "fix", false, "mend what is safe")
	cmd.Flags().BoolVar(&deep, "deep", false, "read all of each file")
	cmd.Flags().BoolVar(&w.dryRun, "dry-run", false, "mend nothing, whatever --fix says")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := optionalID(args)
		if err != nil {
			return err
		}
		o := lifecycle.DoctorOptions{Tenant: id}
		why := toList
		if deep {
			o.Depth = lifecycle.DepthContent
		}
		if fix && !w.dryRun {
			o.Fix, why = lifecycle.FixSafe, toChange
		}
		return t.run(cmd, why, func(ctx context.Context, s *session) error {
			if !id.IsZero() {
				if _, err := s.details(ctx, id); err != nil {
					return err
				}
			}
			return s.diagnose(ctx, o)
		})
	}
	return cmd
}

// diagnose prints what the doctor finds.
func (s *session) diagnose(ctx context.Context, o lifecycle.DoctorOptions) error {
	progress := s.progress("looking", -1)
	defer progress.end() // again, for errors
	found, left, mendable := 0, 0, 0
	for f, err := range s.tenants.Doctor(ctx, o) {
		if err != nil {
			return err
		}
		found++
		switch f.Remedy {
		case lifecycle.RemedyMended:
		case lifecycle.RemedyCan:
			mendable++
			left++
		case lifecycle.RemedyNone, lifecycle.RemedyFailed, lifecycle.RemedyPending:
			left++
		}
		progress.clear()
		if err := s.print(f, s.findingText(f)); err != nil {
			return err
		}
		progress.at(int64(found), 0)
	}
	progress.end()
	text := fmt.Sprintf("%d problems are left", left)
	if left == 1 {
		text = "1 problem is left"
	}
	if mendable > 0 {
		text += fmt.Sprintf("; %s doctor --fix mends %d of them", s.program(), mendable)
	}
	switch {
	case left > 0:
		return &codedError{ExitPending, errors.New(text)}
	case found == 0 && !s.json:
		_, err := fmt.Fprintln(s.cmd.ErrOrStderr(), "all is well")
		return err
	}
	return nil
}

// findingText returns the lines that doctor prints of a finding.
func (s *session) findingText(f lifecycle.Finding) string {
	what := string(f.Kind)
	if !f.Tenant.IsZero() {
		what = "tenant " + f.Tenant.String() + ": " + what
	}
	text := fmt.Sprintf("%s: %s: %s", s.terminal.paint(remedyWord(f.Remedy)), what, clean(f.Problem))
	if f.Path != "" {
		text += "\n  file: " + clean(f.Path)
	}
	if f.Error != "" {
		text += "\n  not mended: " + clean(f.Error)
	}
	if f.Next != "" && f.Remedy != lifecycle.RemedyMended {
		text += "\n  next: " + clean(f.Next)
	}
	return text
}

// remedyWord is what a line about a finding begins with, and its colour.
func remedyWord(r lifecycle.Remedy) (colour, word string) {
	switch r {
	case lifecycle.RemedyMended:
		return green, "mended"
	case lifecycle.RemedyCan:
		return yellow, "can be mended"
	case lifecycle.RemedyPending:
		return yellow, "pending"
	case lifecycle.RemedyNone, lifecycle.RemedyFailed:
	}
	return red, "problem"
}
