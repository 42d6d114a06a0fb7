package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/grow"
)

// newMigration returns the command silo migration.
func newMigration() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "migration",
		Short:   "Write new migrations",
		Example: "  silo migration new add_due_date",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMigrationNew())
	return cmd
}

// newMigrationNew returns the command silo migration new.
func newMigrationNew() *cobra.Command {
	var m migration
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Write an empty migration with the next number",
		Long: `New writes an empty goose migration, with Up and Down, to the folder of a package's
migrations. It is numbered as those that are there: 00001, 00002 and so on, or by the
time. NAME is of small letters, digits and underscores.

Nothing is ever replaced. Exit codes: 0 done, 1 error, 2 wrong call.`,
		Example: `  silo migration new add_due_date
  silo migration new add_plans --block global
  silo migration new add_due_date --schema schema/tenant --dry-run`,
		Args: exactArgs("a name"),
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd, args[0]) },
	}
	cmd.Flags().StringVar(&m.schema, "schema", "", "the `folder` of the migrations, in a project without sqlc.yaml")
	m.flags(cmd)
	return cmd
}

// growing is what commands have in common that add files to a project.
type growing struct {
	config       string
	block        string
	dryRun, json bool
}

func (g *growing) flags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&g.config, "file", "f", "", "the configuration (default: sqlc.yaml here or above)")
	cmd.Flags().StringVar(&g.block, "block", "", "the `package` in sqlc.yaml (default: the only one, or that of tenants)")
	cmd.Flags().BoolVar(&g.dryRun, "dry-run", false, "check and say what would be done; write nothing")
	cmd.Flags().BoolVar(&g.json, "json", false, "print JSON")
	_ = cmd.RegisterFlagCompletionFunc("block", g.completePackage) // fails only for a flag that does not exist
}

// migration is one call of the command.
type migration struct {
	growing
	schema string
}

// migrationRecord is what silo migration new --json prints.
type migrationRecord struct {
	Path   string `json:"path"`
	DryRun bool   `json:"dry_run"`
	Result string `json:"result"`
}

func (m *migration) run(cmd *cobra.Command, name string) error {
	folder, lockedBy, err := m.folder(cmd)
	if err != nil {
		return err
	}
	planned, err := grow.NewMigration(folder, name, time.Now())
	if err != nil {
		return wrongCall(err)
	}
	if !m.dryRun {
		if err := planned.Write(cmd.Context(), lockedBy); err != nil {
			return err
		}
	}
	file := filepath.Join(relative(filepath.Dir(planned.Path)), filepath.Base(planned.Path))
	if m.json {
		return printJSON(cmd.OutOrStdout(), migrationRecord{file, m.dryRun, "created"})
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), m.word("created"), file)
	return err
}

// folder returns where the migration goes, and the file by whose folder runs wait for each other.
func (m *migration) folder(cmd *cobra.Command) (folder, lockedBy string, err error) {
	if m.schema != "" {
		if m.config != "" || m.block != "" {
			return "", "", usageError{errors.New("--schema names the folder itself: leave out --file and --block")}
		}
		schema, err := filepath.Abs(m.schema)
		if err != nil {
			return "", "", err
		}
		if config, ok := configAbove(schema); ok { // by which others lock that add to the same folder
			return m.schema, config, nil
		}
		return m.schema, filepath.Join(m.schema, "sqlc.yaml"), nil
	}
	config, err := findConfig(m.config)
	if err != nil {
		return "", "", err
	}
	project, err := grow.Open(config)
	if err != nil {
		return "", "", explained(cmd, relative(filepath.Dir(config)), err)
	}
	block, err := project.Block(m.block)
	if err != nil {
		return "", "", wrongCall(err)
	}
	folder, err = project.MigrationsOf(block)
	return folder, config, err
}

// word is what is printed of what is, or would be, done.
func (g *growing) word(result string) string {
	if g.dryRun {
		return "would be " + result
	}
	return result
}

// wrongCall makes a wrong call of an error that says that what was given cannot be.
func wrongCall(err error) error {
	var spec *grow.SpecError
	if errors.As(err, &spec) {
		return usageError{err}
	}
	return err
}

// printJSON prints one object on a line of its own.
func printJSON(w io.Writer, record any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(record)
}
