package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/tenantdb"
)

// The exit codes.
const (
	ExitOK      = 0 // done
	ExitError   = 1 // it failed
	ExitUsage   = 2 // it was called wrongly; nothing was done
	ExitPartial = 3 // some of several tenants failed
	ExitPending = 4 // something is not as it should be, or is left to be done
)

// codedError is an error that says what to exit with. One without a text has been
// printed.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

// usage is the error of a wrong call.
func usage(format string, args ...any) error {
	return &codedError{code: ExitUsage, err: fmt.Errorf(format, args...)}
}

// UsageError makes of an error that of a wrong call, with which [Execute] exits with [ExitUsage]: for commands of
// a program's own, of what they find before they do anything. Of nil it makes nil.
func UsageError(err error) error {
	if err == nil {
		return nil
	}
	return &codedError{code: ExitUsage, err: err}
}

// ExitCode returns what a program exits with after a command has returned err.
func ExitCode(err error) int {
	var coded *codedError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &coded):
		return coded.code
	}
	return ExitError
}

// Execute runs the command that the root's arguments name, prints an error to the root's
// standard error, and returns the exit code. An interrupt or termination signal cancels the
// command's context: what it was doing ends as if it had failed, and nothing half-done stays
// behind. A second signal ends the process.
//
// What a command says of its flags and arguments is a wrong call ([ExitUsage]), of those too that the
// program has added.
func Execute(ctx context.Context, root *cobra.Command) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	root.SilenceErrors, root.SilenceUsage = true, true
	if root.Args == nil && root.Run == nil && root.RunE == nil {
		group(root)
	}
	root.SetFlagErrorFunc(flagError)
	refuseArguments(root)
	err := root.ExecuteContext(ctx)
	if err != nil {
		PrintError(root.ErrOrStderr(), root.Name(), err)
	}
	return ExitCode(err)
}

// PrintError prints what failed, for which tenant, with which file and what to do next,
// as [Execute] does: for programs that execute their root command themselves.
func PrintError(w io.Writer, program string, err error) {
	var own *tenantdb.Error
	if !errors.As(err, &own) {
		fmt.Fprintf(w, "%s: %v\n", program, err)
		return
	}
	text := own.Err.Error()
	if !own.Tenant.IsZero() {
		text = "tenant " + own.Tenant.String() + ": " + text
	}
	if own.Op != "" {
		text = own.Op + ": " + text
	}
	fmt.Fprintf(w, "%s: %s\n", program, text)
	if own.Path != "" {
		fmt.Fprintf(w, "  file: %s\n", own.Path)
	}
	next := own.Hint
	var hinted *hintedError
	if errors.As(err, &hinted) {
		next = hinted.hint
	}
	if next != "" {
		fmt.Fprintf(w, "  next: %s\n", next)
	}
}

// hintedError says what to do next on a command line, where the library's hint names a
// function.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// flagError is the error of a flag that is not known, or has no right value.
func flagError(cmd *cobra.Command, err error) error {
	return usage("%w (see %s --help)", err, cmd.CommandPath())
}

// refuseArguments has arguments that a command does not take be a wrong call, of those commands too that
// a program has added itself.
func refuseArguments(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			var coded *codedError
			if err == nil || errors.As(err, &coded) {
				return err
			}
			return usage("%w (see %s --help)", err, cmd.CommandPath())
		}
	}
	for _, below := range cmd.Commands() {
		refuseArguments(below)
	}
}

// group has a command that is nothing by itself print its help, and propose the command
// below it that was meant.
func group(cmd *cobra.Command) *cobra.Command {
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		var names []string
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, c.Name())
			}
		}
		message := fmt.Sprintf("unknown command %q", strings.TrimSpace(cmd.CommandPath()+" "+args[0]))
		if near := nearest.Name(args[0], names); near != "" {
			message += fmt.Sprintf(", did you mean %s?", near)
		}
		return usage("%s (see %s --help)", message, cmd.CommandPath())
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}

// arguments requires as many arguments as names are given; a name in brackets may be left
// out.
func arguments(names ...string) cobra.PositionalArgs {
	least := len(names)
	for i, name := range names {
		if strings.HasPrefix(name, "[") {
			least = min(least, i)
		}
	}
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage("%s needs %s (see %s --help)", cmd.CommandPath(), names[len(args)], cmd.CommandPath())
		case len(args) > len(names):
			return usage("%s takes no argument %q (see %s --help)", cmd.CommandPath(), args[len(names)], cmd.CommandPath())
		}
		return nil
	}
}
