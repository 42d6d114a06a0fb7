package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/migration"
)

// newMigration returns the command silo migrate new. Its folder is that of --schema.
func newMigration() *cobra.Command {
	dryRun := false
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Write the next migration of a schema's folder",
		Long: `New writes a file with the next number and that name into the folder of --schema, with empty parts
for what the migration does (Up) and what undoes it (Down), and prints its path. Run silo generate
when there is something in it.`,
		Example: "  silo migrate new add_tags --schema schema/tenant",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("%s needs a name, and takes no more (see %[1]s --help)", cmd.CommandPath())}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print the path; write nothing")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		folder := cmd.Flag("schema").Value.String()
		if folder == "" {
			return usageError{errors.New("name the folder of the migrations with --schema")}
		}
		path, err := migration.Next(folder, args[0], time.Now())
		switch {
		case errors.Is(err, migration.ErrBadName):
			return usageError{err}
		case errors.Is(err, fs.ErrNotExist):
			return usageError{fmt.Errorf("--schema: there is no folder %s", folder)}
		case err != nil:
			return err
		}
		if !dryRun {
			if err := migration.Create(path); err != nil {
				return err
			}
		}
		if cmd.Flag("json").Value.String() == "true" {
			return json.NewEncoder(cmd.OutOrStdout()).Encode(struct {
				Path   string `json:"path"`
				DryRun bool   `json:"dry_run"`
			}{path, dryRun})
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), path)
		return err
	}
	return cmd
}
