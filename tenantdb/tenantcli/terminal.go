package tenantcli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// terminal is what is known of who looks at a command.
type terminal struct {
	in     io.Reader
	err    io.Writer
	asks   bool // standard input is a terminal
	paints bool // standard output is one that shows colours
	draws  bool // standard error is one that shows progress
}

// observe finds out where the command's streams lead.
func (t *terminal) observe(cmd *cobra.Command) {
	plain := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" // https://no-color.org
	t.in, t.err = cmd.InOrStdin(), cmd.ErrOrStderr()
	t.asks = isTerminal(t.in)
	t.paints = !plain && isTerminal(cmd.OutOrStdout())
	t.draws = !plain && isTerminal(t.err)
}

// over returns a writer to the terminal of standard error, in whose way no bar is.
func (t *terminal) over(w io.Writer) io.Writer {
	if !t.draws {
		return w
	}
	return clearing{t.err, w}
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// The colours of a terminal (ECMA-48, select graphic rendition).
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

func (t *terminal) paint(colour, text string) string {
	if !t.paints || colour == "" {
		return text
	}
	return colour + text + plain
}

// answer asks, and returns the line that is typed. When ctx ends it does not wait for one
// any more; the reading goes on until the process ends, for a terminal's cannot be stopped.
func (t *terminal) answer(ctx context.Context, question string) (string, error) {
	if _, err := fmt.Fprint(t.err, question); err != nil {
		return "", err
	}
	type reply struct {
		line string
		err  error
	}
	typed := make(chan reply, 1)
	go func() {
		line, err := bufio.NewReader(t.in).ReadString('\n')
		typed <- reply{line, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(t.err)
		return "", errDeclined
	case r := <-typed:
		if r.err != nil && (!errors.Is(r.err, io.EOF) || r.line == "") {
			return "", fmt.Errorf("reading the answer: %w", r.err)
		}
		return strings.TrimSpace(r.line), nil
	}
}

// errDeclined is what a command ends with that somebody has told not to go on.
var errDeclined = &codedError{code: ExitError, err: errors.New("not confirmed; nothing was done")}

// agree asks whether to go on, unless w says so.
func (s *session) agree(ctx context.Context, w *writing, question string) error {
	if w.yes || w.dryRun {
		return nil
	}
	if s.noInput || !s.terminal.asks {
		return usage("%s Pass --yes to do it without asking", question)
	}
	answer, err := s.terminal.answer(ctx, question+" [y/N] ")
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes":
		return nil
	}
	return errDeclined
}

// confirm has the name of what will be destroyed repeated, unless w does.
func (s *session) confirm(ctx context.Context, w *writing, id, warning string) error {
	switch {
	case w.force != "" && w.force != id:
		return usage("--confirm=%s is not %s: nothing was done", w.force, id)
	case w.dryRun, w.force == id:
		return nil
	case s.noInput || !s.terminal.asks:
		return usage("%s Pass --confirm=%s to do it without asking", warning, id)
	}
	answer, err := s.terminal.answer(ctx, fmt.Sprintf("%s Type %s to go on: ", warning, id))
	if err != nil {
		return err
	}
	if answer != id {
		return errDeclined
	}
	return nil
}
