package many

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"

	"github.com/pressly/goose/v3"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/tenantdb/fleet"
)

const gooseModule = "github.com/pressly/goose/v3"

// GooseVersion is that of goose's command: the one that Silo uses itself.
func GooseVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == gooseModule {
				return module.Version
			}
		}
	}
	return "latest"
}

// BuildGoose builds goose's command into a folder, with SQLite and no other database in it, and returns its path.
func BuildGoose(ctx context.Context, folder string) (string, error) {
	command := exec.CommandContext(ctx, "go", "install", "-tags", "no_clickhouse no_libsql no_mssql no_mysql no_postgres no_vertica no_ydb", gooseModule+"/cmd/goose@"+GooseVersion())
	command.Env = append(os.Environ(), "GOBIN="+folder, "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return filepath.Join(folder, "goose"), nil
}

// Migrate measures three small migrations of all tenants of a folder, from the beginning of the
// process, or of the first of them, to its end.
func (s Setting) Migrate(ctx context.Context) (table operate.Table, err error) {
	root := filepath.Join(s.Dir, "migrate")
	defer func() { err = errors.Join(err, os.RemoveAll(root)) }()
	original, run, migrations := filepath.Join(root, "original"), filepath.Join(root, "run"), filepath.Join(root, "schema")
	if err := errors.Join(writeSchema(migrations), populate(ctx, original, s.Migrated, s.Rows)); err != nil {
		return table, err
	}
	table = operate.Table{ID: "migrate", Order: []string{Silo, OneByOne, GooseHere}}
	prepare := func() error { return copyFolder(run, original) }
	tasks := []measure.Task{
		measure.Pass(Silo, s.Migrated, prepare, func() error { return migrateAll(ctx, run, migrations, fleet.MigrateOptions{}) }),
		measure.Pass(OneByOne, s.Migrated, prepare, func() error {
			return migrateAll(ctx, run, migrations, fleet.MigrateOptions{Workers: 1})
		}),
		measure.Pass(GooseHere, s.Migrated, prepare, func() error { return gooseAll(ctx, run, migrations) }),
	}
	if s.Goose != "" {
		table.Order = append(table.Order, Goose)
		tasks = append(tasks, measure.Pass(Goose, s.Migrated, prepare, func() error { return s.gooseCommands(ctx, run, migrations) }))
	}
	if err := s.Compare(&table, "three", "three small migrations of a tenant", 1, tasks...); err != nil {
		return table, err
	}
	// All are at the newest migration now, and nothing is copied in between. goose has files of its own: it
	// takes the log beside a file away, which silo leaves there and would have to make again.
	of := filepath.Join(root, "goose")
	if err := errors.Join(prepare(), migrateAll(ctx, run, migrations, fleet.MigrateOptions{}), copyFolder(of, run)); err != nil {
		return table, err
	}
	tasks = []measure.Task{
		measure.Pass(Silo, s.Migrated, nil, func() error { return migrateAll(ctx, run, migrations, fleet.MigrateOptions{}) }),
		measure.Pass(OneByOne, s.Migrated, nil, func() error {
			return migrateAll(ctx, run, migrations, fleet.MigrateOptions{Workers: 1})
		}),
		measure.Pass(GooseHere, s.Migrated, nil, func() error { return gooseAll(ctx, of, migrations) }),
	}
	if s.Goose != "" {
		tasks = append(tasks, measure.Pass(Goose, s.Migrated, nil, func() error { return s.gooseCommands(ctx, of, migrations) }))
	}
	return table, s.Compare(&table, "none", "a tenant that lacks none", 1, tasks...)
}

// migrateAll opens the folder, migrates its tenants, and closes it, as a command does.
func migrateAll(ctx context.Context, path, migrations string, o fleet.MigrateOptions) error {
	w, err := open(ctx, path, migrations)
	if err != nil {
		return err
	}
	_, err = fleet.Migrate(ctx, w.store, w.catalog, o)
	return errors.Join(err, w.close())
}

// gooseAll migrates one file after the other by goose's provider.
func gooseAll(ctx context.Context, path, migrations string) error {
	paths, err := files(path)
	if err != nil {
		return err
	}
	for _, path := range paths {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			return err
		}
		provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS(migrations), goose.WithDisableGlobalRegistry(true))
		if err == nil {
			_, err = provider.Up(ctx)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			return err
		}
	}
	return nil
}

// gooseCommands runs goose's command for one file after the other, as people write the loop.
func (s Setting) gooseCommands(ctx context.Context, path, migrations string) error {
	paths, err := files(path)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if out, err := exec.CommandContext(ctx, s.Goose, "-dir", migrations, "sqlite3", path, "up").CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
	}
	return nil
}
