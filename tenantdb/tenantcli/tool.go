package tenantcli

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// tool is one mounting of the commands: what they have in common, and the flags that all
// of them take.
type tool struct {
	options Options
	folder  bool // the schema is a folder that a flag names
	open    func(context.Context, *tenantdb.Dir, *catalog.Catalog, *tool) (tenants, error)

	data, actor        string
	schema, schemaName string
	backupsFolder      string
	policy             string
	wait               time.Duration
	json, noInput      bool
	terminal           terminal
}

// commands returns the commands that are next to each other in a program's root.
func commands(t *tool) []*cobra.Command {
	backup, backups := t.backup(), t.backups()
	t.policyFlag(backup)
	t.policyFlag(backups)
	all := []*cobra.Command{t.tenants(), backup, t.restore(), backups, t.migrate(), t.query(), t.rollup(), t.top(), t.stats(), t.doctor()}
	for _, cmd := range all {
		flags := cmd.PersistentFlags()
		flags.StringVar(&t.data, "data", t.options.Data, "the data `folder`")
		flags.StringVar(&t.backupsFolder, "backups", "", "the `folder` of the backups (default: backups in the data folder, or what the program says)")
		_ = cmd.MarkPersistentFlagDirname("backups")
		flags.StringVar(&t.actor, "actor", t.options.Actor, "who is recorded to have acted")
		flags.BoolVar(&t.json, "json", false, "print JSON; listings one object a line")
		flags.BoolVar(&t.noInput, "no-input", false, "never ask; fail where an answer is needed")
		if t.folder {
			flags.StringVar(&t.schema, "schema", "", "the `folder` of the tenants' goose migrations")
			flags.StringVar(&t.schemaName, "schema-name", "", "the schema's `name` (default: that of the folder)")
			_ = cmd.MarkPersistentFlagDirname("schema")
		}
		_ = cmd.MarkPersistentFlagDirname("data") // fails only for a flag that does not exist
		cmd.SetFlagErrorFunc(flagError)
		cmd.SetHelpFunc(help)
	}
	return all
}

// help prints a command's help, with examples that can be typed as they are: what
// the program is called is not known before.
func help(cmd *cobra.Command, args []string) {
	cmd.Example = examples(cmd)
	cmd.Root().HelpFunc()(cmd, args)
}

// examples returns a command's examples with the program's name.
func examples(cmd *cobra.Command) string {
	program := "  " + programOf(cmd) + " "
	var lines []string
	for line := range strings.Lines(cmd.Example) {
		if text, ok := strings.CutPrefix(line, "  "); ok && !strings.HasPrefix(line, program) {
			line = program + text
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

// writing are the flags of a command that writes.
type writing struct {
	dryRun bool
	yes    bool
	force  string // the ID that --confirm repeats
}

// dryRunFlag adds the flag that all commands which write have.
func (w *writing) dryRunFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&w.dryRun, "dry-run", false, "check and say what would be done; write nothing")
}

// yesFlag adds the flag that answers what a command asks.
func (w *writing) yesFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&w.yes, "yes", "y", false, "do it without asking")
}

// confirmFlag adds the flag that answers what is asked before data is destroyed.
func (w *writing) confirmFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.force, "confirm", "", "repeat the tenant's `ID` to do it without asking")
}

// waitFlag adds the flag that says for how long another process is waited for.
func (t *tool) waitFlag(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&t.wait, "wait", 0, "how long others may take to close the tenant; 0s for not at all (default: 10s, or what the program says)")
}

// readWait has the operations wait as long as --wait says, if it does.
func (t *tool) readWait(cmd *cobra.Command) error {
	flag := cmd.Flags().Lookup("wait")
	if flag == nil || !flag.Changed {
		return nil
	}
	if t.wait < 0 {
		return usage("--wait is %v", t.wait)
	}
	if t.options.Lifecycle.WaitElsewhere = t.wait; t.wait == 0 {
		t.options.Lifecycle.WaitElsewhere = -1 // not its default
	}
	return nil
}

// exists reports whether there is something of a name, be it unreadable.
func exists(name string) bool {
	_, err := os.Lstat(name)
	return !os.IsNotExist(err)
}
