package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/codegen/plugin"
	"github.com/silokit/silo/cmd/internal/codegen/sqlcrun"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// The exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
	exitDrift = 4
)

// usageError is a call that the command line does not know.
type usageError struct{ error }

// errDrift says that files are not what they should be. Which ones was printed.
var errDrift = errors.New("generated files are stale: run silo generate")

// errInterrupted says that a signal ended a command before it wrote anything.
var errInterrupted = errors.New("interrupted; nothing was written")

// errPrinted says that a command failed and has printed why.
var errPrinted = errors.New("failed")

// Main runs the command with the arguments, without the program's name, and returns
// the exit code. An interrupt or termination signal cancels the command.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	switch {
	case sqlcrun.IsChild(args):
		return sqlcrun.Main(args[1:])
	case slices.Equal(args, []string{plugin.Method}):
		if err := plugin.Echo(stdin, stdout); err != nil {
			fmt.Fprintln(stderr, err)
			return exitError
		}
		return exitOK
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return exitCode(root.ExecuteContext(ctx), stderr)
}

// exitCode prints an error that nothing has printed yet, and returns what it exits with.
func exitCode(err error, stderr io.Writer) int {
	var usage usageError
	var left notWell
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errPrinted):
		return exitError
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "silo: %v\n", err)
		return exitUsage
	case errors.Is(err, errDrift), errors.As(err, &left):
		fmt.Fprintf(stderr, "silo: %v\n", err)
		return exitDrift
	default:
		tenantcli.PrintError(stderr, "silo", err)
		return tenantcli.ExitCode(err)
	}
}

// newRoot returns the command with all that are below it.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "silo",
		Short: "Typed Go for SQLite databases of which every tenant has one",
		Example: `  silo new notes
  silo generate --check`,
		Args:              noArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())}
	})
	root.SetHelpFunc(help)
	root.AddGroup(&cobra.Group{ID: onProject, Title: "On a project:"}, &cobra.Group{ID: onData, Title: "On tenants, with --data and --schema:"})
	add := func(group string, commands ...*cobra.Command) {
		for _, cmd := range commands {
			cmd.GroupID = group
		}
		root.AddCommand(commands...)
	}
	add(onProject, newAdd(), newDev(), newGenerate(), newMigration(), newNew())
	for _, cmd := range tenantcli.FolderCommands(tenantcli.Options{}) {
		switch cmd.Name() {
		case "doctor": // is of both
			makeDiagnosable(cmd)
			add(onProject, cmd)
			continue
		case "migrate": // where it is looked for, too
			cmd.AddCommand(newMigrationNew())
		}
		add(onData, cmd)
	}
	root.SetHelpCommand(newHelp())
	add("", newVersion(), tenantcli.ManualCommand())
	return root
}

// noArgs refuses arguments, and proposes the command that was meant.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		message := fmt.Sprintf("unknown command %q", args[0])
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			message += fmt.Sprintf(", did you mean %s?", near[0])
		}
		return usageError{fmt.Errorf("%s (see %s --help)", message, cmd.CommandPath())}
	}
	return usageError{fmt.Errorf("%s takes no argument %q (see %s --help)", cmd.CommandPath(), args[0], cmd.CommandPath())}
}

// exactArgs requires an argument for each name.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usageError{fmt.Errorf("%s needs %s (see %s --help)", cmd.CommandPath(), names[len(args)], cmd.CommandPath())}
		case len(args) > len(names):
			return usageError{fmt.Errorf("%s takes no argument %q (see %s --help)", cmd.CommandPath(), args[len(names)], cmd.CommandPath())}
		}
		return nil
	}
}
