package cli

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

	"github.com/silokit/silo/cmd/internal/scaffold"
)

// ask has somebody at a terminal say what was not said with the call. Elsewhere it is a wrong
// call: nothing waits for an answer that nobody gives.
func (n *newService) ask(cmd *cobra.Command) error {
	if in, ok := cmd.InOrStdin().(*os.File); !ok || !term.IsTerminal(int(in.Fd())) {
		return usageError{fmt.Errorf("%s needs a name (see %s --help)", cmd.CommandPath(), cmd.CommandPath())}
	}
	d := dialogue{ctx: cmd.Context(), in: bufio.NewReader(cmd.InOrStdin()), out: cmd.ErrOrStderr()}
	var err error
	if n.name, err = d.answer("Name", "notes", scaffold.CheckName); err != nil {
		return err
	}
	if n.module == "" {
		if n.module, err = d.answer("Go module", scaffold.DefaultModule(n.name), scaffold.CheckModule); err != nil {
			return err
		}
	}
	if !cmd.Flags().Changed("resolver") {
		question := "Requests name their tenant by (" + strings.Join(resolverNames(), ", ") + ")"
		n.resolver, err = d.answer(question, n.resolver, scaffold.CheckResolver)
	}
	return err
}

// dialogue is questions and answers at a terminal.
type dialogue struct {
	ctx context.Context // of the call that it belongs to
	in  *bufio.Reader
	out io.Writer
}

// answer asks until the answer is one that check accepts, and returns it; an empty one is the
// default. When ctx ends it does not wait any more; the reading goes on until the process
// ends, for a terminal's cannot be stopped.
func (d *dialogue) answer(question, standard string, check func(string) error) (string, error) {
	type reply struct {
		line string
		err  error
	}
	for {
		fmt.Fprintf(d.out, "%s [%s]: ", question, standard)
		typed := make(chan reply, 1)
		go func() {
			line, err := d.in.ReadString('\n')
			typed <- reply{strings.TrimSpace(line), err}
		}()
		var r reply
		select {
		case <-d.ctx.Done():
			fmt.Fprintln(d.out)
			return "", errInterrupted
		case r = <-typed:
		}
		switch {
		case errors.Is(r.err, io.EOF):
			fmt.Fprintln(d.out)
			return "", errInterrupted
		case r.err != nil:
			return "", fmt.Errorf("reading the answer: %w", r.err)
		case r.line == "":
			return standard, nil
		}
		err := check(r.line)
		if err == nil {
			return r.line, nil
		}
		fmt.Fprintln(d.out, err)
	}
}
