package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/dev"
)

// newDev returns the command silo dev.
func newDev() *cobra.Command {
	var d develop
	cmd := &cobra.Command{
		Use:   "dev [PACKAGE] [-- ARGUMENT...]",
		Short: "Run a program, and anew after each change of its files",
		Long: `Dev generates, builds and runs a program. When files change it does so again: silo generate,
wire where an injector or what it calls has changed, go build; then it ends the program (with
SIGTERM, and kills it after the grace) and starts the new one. While queries or code are wrong,
their errors are shown, as file:line, until they are mended, and the old program goes on.

PACKAGE is the program's; by default the only one of the module, or the only one in its folder
cmd. Interrupt it to end both.

Exit codes: 0 interrupted, 1 error, 2 wrong call.`,
		Example: `  silo dev
  silo dev -- serve --listen localhost:8080
  silo dev ./cmd/notes -- serve`,
		Args: func(cmd *cobra.Command, args []string) error {
			if before, _ := atDash(cmd, args); len(before) > 1 {
				return usageError{fmt.Errorf("%s takes one package, and the program's arguments behind -- (see %s --help)", cmd.CommandPath(), cmd.CommandPath())}
			}
			return nil
		},
		RunE: d.run,
	}
	cmd.Flags().StringVarP(&d.config, "file", "f", "", "the configuration (default: sqlc.yaml here or above, if there is one)")
	cmd.Flags().BoolVar(&d.poll, "poll", false, "look at the files each second: network file systems tell of no changes")
	cmd.Flags().DurationVar(&d.grace, "grace", 10*time.Second, "how long the program may take to end before it is killed")
	return cmd
}

// atDash divides arguments into those in front of -- and those behind it.
func atDash(cmd *cobra.Command, args []string) (before, behind []string) {
	if at := cmd.ArgsLenAtDash(); at >= 0 {
		return args[:at], args[at:]
	}
	return args, nil
}

// develop is one call of the command.
type develop struct {
	config string
	grace  time.Duration
	poll   bool
	warned string // the warnings that were printed last
}

func (d *develop) run(cmd *cobra.Command, args []string) error {
	if d.grace <= 0 {
		return usageError{fmt.Errorf("--grace is %v: name a time that is longer", d.grace)}
	}
	ctx := cmd.Context()
	if !signal.Ignored(syscall.SIGHUP) { // as by nohup
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, syscall.SIGHUP) // of a terminal that is closed
		defer stop()
	}
	module, err := findModule()
	if err != nil {
		return err
	}
	before, behind := atDash(cmd, args)
	if len(before) == 0 {
		program, err := onlyProgram(ctx, module)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		before = []string{program}
	}
	options := dev.Options{
		Module: module, Package: before[0], Args: behind, Grace: d.grace,
		Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr(), Terminal: terminalOf(cmd.ErrOrStderr()),
	}
	if d.poll {
		options.Watch = dev.ByLooking
	}
	config, err := findConfig(d.config)
	switch {
	case err == nil:
		if options.Generate, options.Explain, err = d.generator(config, cmd.ErrOrStderr()); err != nil {
			return err
		}
	case d.config != "":
		return err
	}
	return dev.Run(ctx, options)
}

// terminalOf says who reads what is printed.
func terminalOf(w io.Writer) dev.Terminal {
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) && os.Getenv("TERM") != "dumb" {
		return dev.Interactive
	}
	return dev.Plain
}

// generator returns what silo generate does, and how its errors are printed.
func (d *develop) generator(config string, stderr io.Writer) (func(context.Context) ([]string, error), func(io.Writer, error), error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	seen := relative(filepath.Dir(config))
	root, err := filepath.Abs(filepath.Dir(config))
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	generate := func(ctx context.Context) ([]string, error) {
		plan, changes, err := codegen.Generate(ctx, codegen.Options{Config: config, Self: self})
		if err != nil {
			return nil, err
		}
		d.warn(stderr, located(plan.Warnings, seen))
		var written []string
		for _, change := range changes {
			if change.State != codegen.Fresh {
				written = append(written, filepath.Join(root, filepath.FromSlash(change.Path)))
			}
		}
		return written, nil
	}
	explain := func(w io.Writer, err error) {
		var found *problem.Found
		if !errors.As(err, &found) {
			fmt.Fprintf(w, "silo: %v\n", err)
			return
		}
		printProblems(w, slices.DeleteFunc(located(found.Problems, seen), func(p problem.Problem) bool { return p.Severity == problem.Warning }))
	}
	return generate, explain, err
}

// warn prints warnings, unless they are those that were printed last.
func (d *develop) warn(w io.Writer, warnings []problem.Problem) {
	var text strings.Builder
	printProblems(&text, warnings)
	if text.String() != d.warned {
		printProblems(w, warnings)
	}
	d.warned = text.String()
}

// findModule returns the folder of the module that the current folder is in.
func findModule() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, "go.mod")) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("there is no go.mod in %s or above it: run this in a project", start)
		}
	}
}

// onlyProgram returns the program that is meant when none is named.
func onlyProgram(ctx context.Context, module string) (string, error) {
	all, err := dev.Mains(ctx, module)
	if err != nil {
		return "", err
	}
	if len(all) == 1 {
		return all[0], nil
	}
	commands := slices.DeleteFunc(slices.Clone(all), func(path string) bool { return !strings.Contains(path, "/cmd/") })
	switch {
	case len(commands) == 1:
		return commands[0], nil
	case len(all) == 0:
		return "", fmt.Errorf("there is no program in %s: write a package main, in cmd/NAME for example", module)
	}
	return "", usageError{fmt.Errorf("name the program's package: there are %s", strings.Join(all, ", "))}
}
