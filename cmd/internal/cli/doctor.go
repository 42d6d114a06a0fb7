package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/silokit/silo/cmd/internal/checkup"
)

// makeDiagnosable makes of the doctor of data folders one that looks at a project too: where none of the
// flags is given that only a data folder has, and there is a configuration.
func makeDiagnosable(cmd *cobra.Command) {
	d := &doctor{data: cmd.RunE}
	cmd.Short = "Find what is wrong with a project, or with a data folder"
	cmd.Long = `In a project, that is where there is sqlc.yaml in the current folder or above it, and without a
flag that is of data, doctor looks at the version of Go, sqlc.yaml, the generated files, those of
wire, the migrations' numbers, the versions of silo, and go.mod. It changes nothing.

With --schema and --data it looks at a data folder: it compares the catalog, the files and the
backups. With --deep it also reads each file; with --fix it mends what loses no data. It may run
while all is used.

Exit codes: 0 all is well, or mended; 1 error; 2 wrong call; 4 something is left.`
	cmd.Example = `  silo doctor
  silo doctor --data data --schema schema/tenant --deep
  silo doctor acme --fix --schema schema/tenant`
	cmd.Flags().StringVarP(&d.config, "file", "f", "", "the project's configuration (default: sqlc.yaml here or above)")
	cmd.RunE = d.run
}

// doctor is one call of the command.
type doctor struct {
	config string
	data   func(*cobra.Command, []string) error
}

func (d *doctor) run(cmd *cobra.Command, args []string) error {
	ofData := len(args) > 0
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "json" && f.Name != "file" && f.Name != "no-input" {
			ofData = true
		}
	})
	if ofData && d.config != "" {
		return usageError{errors.New("--file is of a project, and the other flags are of a data folder: leave out one or the other")}
	}
	config, err := findConfig(d.config)
	switch {
	case ofData:
		return d.data(cmd, args)
	case err != nil && d.config == "":
		return usageError{errors.New("there is no sqlc.yaml here or above: run this in a project, or look at a data folder, with --data and --schema")}
	case err != nil:
		return err
	}
	return d.project(cmd, config)
}

// project prints what is wrong with a project.
func (d *doctor) project(cmd *cobra.Command, config string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	found, err := checkup.Run(cmd.Context(), checkup.Options{Config: config, Self: self, Version: versions().Silo})
	if err != nil {
		return err
	}
	asJSON, err := cmd.Flags().GetBool("json")
	if err != nil {
		return err
	}
	root := relative(filepath.Dir(config))
	for _, f := range found {
		if f.Path != "" {
			f.Path = fromHere(f.Path, root)
		}
		if asJSON {
			err = printJSON(cmd.OutOrStdout(), f)
		} else {
			_, err = fmt.Fprintln(cmd.OutOrStdout(), findingText(f))
		}
		if err != nil {
			return err
		}
	}
	switch {
	case len(found) == 1:
		return notWell("1 problem is left")
	case len(found) > 1:
		return notWell(fmt.Sprintf("%d problems are left", len(found)))
	case !asJSON:
		fmt.Fprintln(cmd.ErrOrStderr(), "all is well")
	}
	return nil
}

// findingText returns the lines that are printed of a finding.
func findingText(f checkup.Finding) string {
	text := fmt.Sprintf("%s: %s", f.Kind, f.Problem)
	if place := f.Place(); place != "" {
		text = place + ": " + text
	}
	return text + "\n  next: " + f.Next
}

// notWell is an error that says that something is not as it should be, which was printed.
type notWell string

func (e notWell) Error() string { return string(e) }
