package tenantcli

import (
	"context"
	"os"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// Options say what the commands work on. The zero value means the defaults.
type Options struct {
	// Data is the data folder unless --data names another. Defaults to "data".
	Data string

	// Dir are the settings that the folder is opened with. Its Path is not used, its
	// Layout is always the one that the folder has, and Migrate is set by each command:
	// those that only look migrate nothing.
	Dir tenantdb.Options

	// Lifecycle are the settings of the operations: the hooks that a service puts around
	// them, where backups are kept, how long a deleted tenant can be brought back. The
	// commands run them as the service would.
	Lifecycle lifecycle.Options

	// Rollups, if not nil, returns the rollups that rollup run runs. It is called with the open
	// folder and its catalog when they are asked for, so it opens the store and the global
	// database, and makes each by [fleet.NewRollup]; the folder is closed when the command has ended. In a dry
	// run nothing is migrated. Defaults to none.
	Rollups func(ctx context.Context, dir *tenantdb.Dir, cat *catalog.Catalog) ([]Rollup, error)

	// Actor is who the catalog's records say has acted, unless --actor names another.
	// Defaults to the user and host that the process runs as.
	Actor string
}

// Rollup is a [*fleet.Rollup] of any schemas.
type Rollup interface {
	Name() string
	Plan(ctx context.Context, from time.Time, o fleet.Options) (fleet.RollupPlan, error)
	Run(ctx context.Context, o fleet.Options) error
	RunFrom(ctx context.Context, from time.Time, o fleet.Options) error
}

func (o Options) withDefaults() Options {
	if o.Data == "" {
		o.Data = "data"
	}
	if o.Actor == "" {
		o.Actor = whoami()
	}
	return o
}

// whoami returns USER@HOST, of what is known.
func whoami() string {
	name := "unknown"
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		name += "@" + host
	}
	return name
}

// Commands returns the commands for tenants of the schema S, to be added to a program's
// own root command, each time anew.
func Commands[S tenantdb.TenantSchema](options Options) []*cobra.Command {
	return commands(&tool{options: options.withDefaults(), open: func(ctx context.Context, dir *tenantdb.Dir, cat *catalog.Catalog, t *tool) (tenants, error) {
		store, err := tenantdb.OpenStore[S](ctx, dir)
		if err != nil {
			return nil, err
		}
		return manage(store, cat, t.options.Lifecycle)
	}})
}

// FolderCommands returns the commands for tenants whose schema is a folder of goose
// migrations, which the flag --schema names, and --schema-name where the folder's name is not the
// schema's.
func FolderCommands(options Options) []*cobra.Command {
	return commands(&tool{options: options.withDefaults(), folder: true, open: openFolder})
}

// New returns a root command of that name with the commands for tenants of the schema S
// below it, for [Execute].
func New[S tenantdb.TenantSchema](name string, options Options) *cobra.Command {
	root := &cobra.Command{
		Use:     name,
		Short:   "Look after tenants of which each has a SQLite file",
		Example: "  " + name + " tenants list",
	}
	root.AddCommand(Commands[S](options)...)
	root.AddCommand(ManualCommand())
	return root
}
