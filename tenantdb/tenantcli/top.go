package tenantcli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/silokit/silo/tenantdb/catalog"
)

// sorts are what top sorts by.
var sorts = []string{string(catalog.ByCalls), string(catalog.ByErrors), string(catalog.BySlow), string(catalog.BySize)}

const (
	defaultSince = time.Hour
	defaultEvery = 5 * time.Second
)

// topping is a call of top.
type topping struct {
	options catalog.TopOptions
	since   time.Duration
	every   time.Duration
	once    bool
}

func (t *tool) top() *cobra.Command {
	var m topping
	by, since := "", ""
	cmd := &cobra.Command{
		Use:   "top",
		Short: "Show the busiest and the fullest tenants",
		Long: `Top prints the tenants that were called most, failed most or most slowly, or are the largest: a table,
or with --json one object a line. On a terminal it goes on, and shows it anew every few seconds, until it
is interrupted. It reads what services have recorded (fleet.Recorder), by the hour and about a minute old,
and opens no tenant.`,
		Example: "  top\n  top --sort size --limit 5 --once\n  top --sort errors --since 1d --json",
		Args:    arguments(),
	}
	cmd.Flags().StringVar(&by, "sort", "", "what has most of it comes first: `calls`, errors, slow or size (default: calls)")
	cmd.Flags().StringVar(&since, "since", "", "calls from the hour on that was so long ago, a `time` (default: 1h)")
	cmd.Flags().IntVar(&m.options.Limit, "limit", 20, "so `many`; 0 for all")
	cmd.Flags().DurationVar(&m.every, "every", defaultEvery, "on a terminal: the `time` between two looks")
	cmd.Flags().BoolVar(&m.once, "once", false, "look once, on a terminal too")
	_ = cmd.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions(sorts, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if err := oneOf("--sort", by, sorts); err != nil {
			return err
		}
		m.options.By = catalog.TopBy(by)
		if m.since, err = spanFlag(cmd, "since", since); err != nil {
			return err
		}
		if !cmd.Flags().Changed("since") {
			m.since = defaultSince
		}
		switch {
		case m.options.Limit < 0:
			return usage("--limit is %d: write a number of tenants, or 0 for all", m.options.Limit)
		case m.options.Limit == 0:
			m.options.Limit = -1
		}
		if m.every <= 0 {
			return usage("--every is %v: write a time such as 5s, or --once to look once", m.every)
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			if s.terminal.paints && !s.json && !m.once {
				return s.watchTop(ctx, m)
			}
			return s.printTop(ctx, m)
		})
	}
	return cmd
}

// tops returns the first tenants as they are now, of which the first are printed.
func (s *session) tops(ctx context.Context, m topping) ([]catalog.TenantUsage, error) {
	m.options.Since = time.Now().Add(-m.since)
	return s.catalog.Top(ctx, m.options)
}

func (s *session) printTop(ctx context.Context, m topping) error {
	all, err := s.tops(ctx, m)
	if err != nil {
		return err
	}
	if len(all) > 0 && !s.json {
		if _, err := fmt.Fprintln(s.cmd.OutOrStdout(), topHead); err != nil {
			return err
		}
	}
	for _, one := range all {
		record := busyOf(one)
		if err := s.print(record, record.text(&s.terminal)); err != nil {
			return err
		}
	}
	return nil
}

// What moves a terminal (ECMA-48).
const (
	clearAll  = "\x1b[2J"
	goHome    = "\x1b[H"
	clearLine = "\x1b[K"
	clearRest = "\x1b[J"
)

// watchTop shows the first tenants anew until ctx ends, which is how it is meant to. Lines are
// written over those that were there, so that nothing flickers.
func (s *session) watchTop(ctx context.Context, m topping) error {
	out := s.cmd.OutOrStdout()
	if _, err := io.WriteString(out, clearAll); err != nil {
		return err
	}
	ticker := time.NewTicker(m.every)
	defer ticker.Stop()
	for {
		all, err := s.tops(ctx, m)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		width, height := sizeOf(out)
		if _, err := io.WriteString(out, s.screen(m, all, width, height)); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// screen returns what a terminal is to show, and how it gets there.
func (s *session) screen(m topping, all []catalog.TenantUsage, width, height int) string {
	by := m.options.By
	if by == "" {
		by = catalog.ByCalls
	}
	lines := []string{
		cut(fmt.Sprintf("%s  by %s, since %s; ^C ends it", time.Now().UTC().Format(time.RFC3339), by,
			time.Now().UTC().Add(-m.since).Truncate(time.Hour).Format(time.RFC3339)), width),
		cut(topHead, width),
	}
	room := max(height-1, 1) // the last line is the cursor's
	if room <= len(lines) {
		lines = nil // rather the first tenants than what is above them
	}
	for _, one := range all {
		if len(lines) == room {
			break
		}
		record := busyOf(one)
		lines = append(lines, record.line(&s.terminal, width))
	}
	var b strings.Builder
	b.WriteString(goHome)
	for i, line := range lines {
		// Cleared first: after a line that is as long as there are columns, its last one would be.
		b.WriteString(clearLine + line)
		if i+1 < height {
			b.WriteString("\r\n")
		}
	}
	b.WriteString(clearRest)
	return b.String()
}

// sizeOf returns how many columns and lines a terminal has.
func sizeOf(out any) (width, height int) {
	if file, ok := out.(*os.File); ok {
		if width, height, err := term.GetSize(int(file.Fd())); err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}
