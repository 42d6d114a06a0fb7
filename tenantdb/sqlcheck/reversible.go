package sqlcheck

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// DownFinding is what is wrong with the Down of a migration.
type DownFinding struct {
	File    string // the file's name within its folder
	Line    int    // that of `-- +goose Down`, or of what fails in it
	Message string // what is wrong and what to do
}

// Reversible takes each of the migrations up, down and up again on a new database,
// and tells where that does not lead back to the schema there was before, or not up
// again. What counts is what a schema does, not how its text is written.
//
// A project in which no migration has a Down has decided against going back, and
// nothing is said of it. Otherwise a missing or empty Down is a finding like any
// other, for goose, when asked to go back, forgets that the migration has run and
// changes nothing. Migrations that fail on the way up are a [*MigrationError], as
// those are that [Open] refuses.
func Reversible(ctx context.Context, migrations fs.FS) (findings []DownFinding, err error) {
	set, err := migrate.Load(migrations)
	if err != nil {
		return nil, migrationErrors(err)
	}
	return reversible(ctx, set, applications)
}

// ReversibleCatalog is [Reversible] for the migrations of Silo's own catalog.
func ReversibleCatalog(ctx context.Context, migrations fs.FS) (findings []DownFinding, err error) {
	set, err := migrate.LoadCatalog(migrations)
	if err != nil {
		return nil, migrationErrors(err)
	}
	return reversible(ctx, set, catalogs)
}

func reversible(ctx context.Context, set *migrate.Set, of scope) (findings []DownFinding, err error) {
	t := trial{set: set, scope: of, downs: make([]migrate.Down, len(set.Migrations))}
	for i, m := range set.Migrations {
		if t.downs[i], err = m.ReadDown(); err != nil {
			return nil, migrationErrors(err)
		}
	}
	if !slices.ContainsFunc(t.downs, func(d migrate.Down) bool { return !d.Empty }) {
		return nil, nil
	}
	conn, err := sqlite.Open(ctx, ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, Policy: set.Policy(), ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	conn.Watch(ctx, 0)
	defer conn.Unwatch()
	t.conn = conn
	if err := t.run(ctx); err != nil {
		return nil, migrationErrors(err)
	}
	return t.findings, nil
}

// trial is the trying out of a set's Downs.
type trial struct {
	set      *migrate.Set
	scope    scope
	downs    []migrate.Down // of each migration
	conn     *sqlite.Conn
	steps    *migrate.Steps
	findings []DownFinding
}

func (t *trial) run(ctx context.Context) error {
	if err := t.conn.Exec("BEGIN"); err != nil {
		return err
	}
	t.steps = migrate.NewSteps(t.conn)
	for i := range t.set.Migrations {
		if err := t.try(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// try takes a migration up, down and up. However that ends, the database is then as
// after one Up, so that a wrong Down is not held against the migrations behind it.
func (t *trial) try(ctx context.Context, i int) error {
	m := t.set.Migrations[i]
	before, err := readObjects(t.conn, t.scope)
	if err != nil {
		return err
	}
	if err := t.conn.Exec("SAVEPOINT trial"); err != nil {
		return err
	}
	if err := t.steps.Up(ctx, m); err != nil {
		return err
	}
	message, line, err := t.back(ctx, i, before)
	if err != nil {
		return err
	}
	if message == "" {
		return t.conn.Exec("RELEASE trial")
	}
	t.findings = append(t.findings, DownFinding{File: m.Name, Line: line, Message: message})
	if !t.conn.InTransaction() {
		return t.again(ctx, i)
	}
	if err := errors.Join(t.conn.Exec("ROLLBACK TO trial"), t.conn.Exec("RELEASE trial")); err != nil {
		return err
	}
	return t.steps.Up(ctx, m)
}

// again makes the database anew, up to a migration. What says ROLLBACK where a
// constraint fails has ended the transaction in which all was made.
func (t *trial) again(ctx context.Context, last int) error {
	if err := t.conn.Exec("BEGIN"); err != nil {
		return err
	}
	for _, m := range t.set.Migrations[:last+1] {
		if err := t.steps.Up(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// back takes a migration down and up again, and says what is wrong with that.
func (t *trial) back(ctx context.Context, i int, before []Object) (message string, line int, err error) {
	m, down := t.set.Migrations[i], t.downs[i]
	upped, err := readObjects(t.conn, t.scope)
	if err != nil {
		return "", 0, err
	}
	if down.Empty {
		if slices.Equal(before, upped) {
			return "", 0, nil // it changes rows, or nothing
		}
		what := "the Down is empty"
		if down.Line == 0 {
			what = "there is no Down, as other migrations here have"
		}
		return what + ": goose down would forget that this migration ran and undo nothing, and it could not run again; write under `-- +goose Down` what undoes it", max(down.Line, 1), nil
	}
	if _, err := t.steps.Down(ctx, m); err != nil {
		var of *migrate.Error
		if ctx.Err() != nil || !errors.As(err, &of) {
			return "", 0, err
		}
		return "the Down fails: " + reason(of) + ": write statements that undo the Up, the last of it first", max(of.Line, down.Line), nil
	}
	downed, err := readObjects(t.conn, t.scope)
	if err != nil {
		return "", 0, err
	}
	if !slices.Equal(before, downed) {
		differences, err := t.unrestored(ctx, m)
		if err != nil {
			return "", 0, err
		}
		if len(differences) > 0 {
			return "the Down does not restore the schema: " + list(differences) + "; write in it what undoes the Up", down.Line, nil
		}
	}
	if err := t.steps.Up(ctx, m); err != nil {
		var of *migrate.Error
		if ctx.Err() != nil || !errors.As(err, &of) {
			return "", 0, err
		}
		return "after the Down the migration cannot run again: " + reason(of) + ": undo in the Down also what it changes in rows", down.Line, nil
	}
	again, err := readObjects(t.conn, t.scope)
	if err != nil || slices.Equal(upped, again) {
		return "", 0, err
	}
	differences, err := t.repeated(ctx, m)
	if err != nil || len(differences) == 0 {
		return "", 0, err
	}
	return "up, down and up again do not lead where up alone does: " + list(differences) + "; write in the Down what undoes the Up", down.Line, nil
}

// unrestored returns what a Down has left otherwise than it was, and leaves the
// database as after that Down.
func (t *trial) unrestored(ctx context.Context, m migrate.Migration) ([]string, error) {
	differences, err := t.since(func() error { return nil })
	if err != nil {
		return nil, err
	}
	if err := t.steps.Up(ctx, m); err != nil {
		return nil, err
	}
	_, err = t.steps.Down(ctx, m)
	return differences, err
}

// repeated returns what is otherwise than after one Up, and leaves the database as that.
func (t *trial) repeated(ctx context.Context, m migrate.Migration) ([]string, error) {
	return t.since(func() error { return t.steps.Up(ctx, m) })
}

// since returns what is otherwise now than what do makes of the database that there was
// before the trial. Both are read only when their texts differ, for it takes a few
// statements a table.
func (t *trial) since(do func() error) ([]string, error) {
	is, err := readShape(t.conn, t.scope)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(t.conn.Exec("ROLLBACK TO trial"), do()); err != nil {
		return nil, err
	}
	was, err := readShape(t.conn, t.scope)
	if err != nil {
		return nil, err
	}
	return was.differences(is), nil
}

// reason is an error of a migration without its place, which is told beside it.
func reason(of *migrate.Error) string {
	text := of.Detail
	if of.Err != nil {
		if text != "" {
			text += ": "
		}
		text += of.Err.Error()
	}
	return text
}

// list puts the first few of several things into a sentence.
func list(things []string) string {
	const shown = 3
	if more := len(things) - shown; more > 0 {
		return strings.Join(things[:shown], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(things, ", ")
}
