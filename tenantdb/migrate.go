package tenantdb

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb/internal/atwork"
	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// MigrateOptions say how migrations are run on one tenant. The zero value means the defaults.
type MigrateOptions struct {
	// On says what they are run on. Defaults to OnFile.
	On MigrateOn

	// Wait is how long is waited for others that write to the file; then the error is [ErrLocked].
	// Defaults to 10 minutes, for they may be migrating it.
	Wait time.Duration

	// Begin, if not nil, is called once it is known that there is something to do and from
	// which version, before anything is written. An error of it ends the call, which has
	// changed nothing then.
	Begin func(ctx context.Context, from int64) error
}

// MigrateOn says what migrations are run on.
type MigrateOn int

const (
	// OnFile is the tenant's file.
	OnFile MigrateOn = iota
	// OnCopy is a copy of it as it is now, in DIR/work, which is verified as by
	// [Store.Snapshot] and removed: what would fail on the file fails there.
	OnCopy
)

// Migrated is what running migrations has done, or with OnCopy would do. With an error, To is From,
// which is 0 if that was not found out.
type Migrated struct {
	From, To int64    // the number of the last migration that had run before, and of that afterwards; 0: none
	Names    []string // the files of the migrations that were run or taken down, in order; nil if there was nothing to do
	Size     int64    // of the tenant's file afterwards, in bytes
}

// MigrateUp runs the pending migrations on a tenant's file while others use it, as opening it
// would, whatever [Options].Migrate and the Dir's [Gate] say. The tenant is not opened for that: a
// file at the newest migration is looked at and left alone. The migrations are one transaction:
// if one fails, ctx ends or the process dies, the file is as it was. Who writes to the tenant
// meanwhile waits; what has it open goes on with the new schema, and [Store.Resolve] opens it anew.
// Errors are [ErrMigrationFailed], [ErrSchemaAhead], [ErrSchemaDiverged] and those of opening.
// ctx need not carry the tenant.
func (st *Store[S]) MigrateUp(ctx context.Context, id ID, o MigrateOptions) (Migrated, error) {
	if st == nil || st.s == nil {
		return Migrated{}, noHandle("migrate")
	}
	return st.s.migrate(ctx, "migrate", id, o, up)
}

// MigrateDown takes down the migrations behind a version, the last one first, by what is under
// their `-- +goose Down`; 0 takes down all. What that removes is lost: it is for development, and for a change
// that is to be taken back before anything was written in its new form. A file that is at the version or before
// is left alone. A program that has the migrations runs them again when it next opens the tenant, unless
// [Options].Migrate is MigrateVerify. Errors, and what holds while it runs, are those of MigrateUp.
func (st *Store[S]) MigrateDown(ctx context.Context, id ID, to int64, o MigrateOptions) (Migrated, error) {
	if st == nil || st.s == nil {
		return Migrated{}, noHandle("migrate down")
	}
	return st.s.migrate(ctx, "migrate down", id, o, downTo(to))
}

// MigrateRedo takes the last migration down, as MigrateDown does, and runs it again, with those
// that are pending: for a migration that is being written. Both are one transaction.
func (st *Store[S]) MigrateRedo(ctx context.Context, id ID, o MigrateOptions) (Migrated, error) {
	if st == nil || st.s == nil {
		return Migrated{}, noHandle("migrate redo")
	}
	return st.s.migrate(ctx, "migrate redo", id, o, redo)
}

// SchemaStanding says how a tenant's file stands to the migrations of the program.
type SchemaStanding struct {
	Version int64 // the number of the last migration that has run; 0: none
	Pending int   // how many have not
	Size    int64 // of the file, in bytes
}

// Standing looks at a tenant's file, without migrating or opening it: beside the answer, the
// error may be [ErrSchemaAhead] or [ErrSchemaDiverged].
func (st *Store[S]) Standing(ctx context.Context, id ID) (now SchemaStanding, err error) {
	if st == nil || st.s == nil {
		return now, noHandle("look at the schema")
	}
	err = st.s.operate(ctx, "look at the schema", id, func(a address, path string) error {
		return a.dir.withConn(ctx, a, path, sqlite.Config{Schemas: a.dir.schemasOf(a.def)}, func(conn *sqlite.Conn) (err error) {
			now.Size = sizeOf(path)
			now.Version, now.Pending, err = a.def.set.Standing(conn)
			return err
		})
	})
	return now, err
}

// MigrationVersions returns the numbers of the schema's migrations, in order.
func (st *Store[S]) MigrationVersions() []int64 {
	if st == nil || st.s == nil {
		return nil
	}
	var versions []int64
	for _, m := range st.s.def.set.Migrations {
		versions = append(versions, m.Version)
	}
	return versions
}

// move is a way of running migrations: whether there is anything to do on a database of a
// version, given how many migrations it lacks or why the program's must not be run on it, and doing it within the
// transaction that is open on it.
type move struct {
	needed func(version int64, pending int, err error) (bool, error)
	run    func(ctx context.Context, set *migrate.Set, conn *sqlite.Conn) (migrate.Moved, error)
}

var up = move{
	needed: func(_ int64, pending int, err error) (bool, error) { return pending > 0, err },
	run: func(ctx context.Context, set *migrate.Set, conn *sqlite.Conn) (migrate.Moved, error) {
		return set.Apply(ctx, conn)
	},
}

func downTo(to int64) move {
	return move{
		needed: func(version int64, _ int, _ error) (bool, error) { return version > to, nil }, // Revert says what it has not
		run: func(ctx context.Context, set *migrate.Set, conn *sqlite.Conn) (migrate.Moved, error) {
			return set.Revert(ctx, conn, to)
		},
	}
}

var redo = move{
	needed: func(int64, int, error) (bool, error) { return true, nil },
	run: func(ctx context.Context, set *migrate.Set, conn *sqlite.Conn) (done migrate.Moved, err error) {
		from, err := set.Version(conn)
		if err == nil && from > 0 {
			_, err = set.Revert(ctx, conn, set.Before(from))
		}
		if err == nil {
			done, err = set.Apply(ctx, conn)
		}
		done.From = from
		return done, err
	},
}

// migrate runs migrations on the tenant's file or a copy.
func (s *store) migrate(ctx context.Context, op string, id ID, o MigrateOptions, m move) (done Migrated, err error) {
	err = s.operate(ctx, op, id, func(a address, path string) error {
		if o.On == OnCopy {
			done, err = a.dir.migrateCopy(ctx, a, path, o, m)
		} else {
			done, err = a.dir.migrateFile(ctx, a, path, o, m)
		}
		return err
	})
	return done, err
}

// migrateFile runs migrations on the file, by a connection that the cache does not know.
func (d *Dir) migrateFile(ctx context.Context, a address, path string, o MigrateOptions, m move) (done Migrated, err error) {
	// This connection does not enforce foreign keys: see sqlite.NotEnforced.
	cfg := sqlite.Config{Policy: a.def.set.Policy(), ForeignKeys: sqlite.NotEnforced}
	start := time.Now()
	if err := writable(path); err != nil {
		return done, err
	}
	err = d.withConn(ctx, a, path, cfg, func(conn *sqlite.Conn) error {
		wait := migrateWait
		if o.Wait > 0 {
			wait = o.Wait
		}
		conn.Watch(ctx, wait)
		done, err = m.on(ctx, a.def, conn, o, func() error {
			return commitMigrated(conn, wait)
		})
		return err
	})
	if err != nil {
		return done.undone(), err
	}
	if done.Size = sizeOf(path); done.Names != nil {
		d.migrations.Add(1)
		d.options.Logger.Info("tenantdb: migrated", slog.String("tenant", a.tenant.name), slog.Any("migrations", done.Names),
			slog.Int64("from", done.From), slog.Int64("to", done.To), slog.Duration("took", time.Since(start)))
	}
	return done, nil
}

// on runs migrations on the database of conn, if there is anything to do, and has end end the
// transaction.
func (m move) on(ctx context.Context, def *definition, conn *sqlite.Conn, o MigrateOptions, end func() error) (done Migrated, err error) {
	version, pending, err := def.set.Standing(conn)
	done.From, done.To = version, version
	if err != nil && !errors.Is(err, ErrSchemaAhead) && !errors.Is(err, ErrSchemaDiverged) {
		return done, err
	}
	needed, err := m.needed(version, pending, err)
	if err != nil || !needed {
		return done, err
	}
	if o.Begin != nil {
		if err := o.Begin(ctx, done.From); err != nil {
			return done, err
		}
	}
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return done, err
	}
	// Somebody may have been here since: the version now is that which counts.
	moved, err := m.run(ctx, def.set, conn)
	done.From, done.To, done.Names = moved.From, moved.To, moved.Names
	if err != nil {
		return done, err // closing the connection rolls back
	}
	return done, end()
}

// commitMigrated ends the transaction of migrations that have run on a tenant's file. Once it has
// begun it is not stopped.
func commitMigrated(conn *sqlite.Conn, wait time.Duration) error {
	conn.Watch(context.Background(), wait)
	conn.FindVersion() // so that what goes into the log is gathered
	return conn.Commit()
}

// migrateCopy runs migrations on a copy of the file, and removes that.
func (d *Dir) migrateCopy(ctx context.Context, a address, path string, o MigrateOptions, m move) (done Migrated, err error) {
	work := filepath.Join(d.layout.root, workFolder)
	if err := durable.MakeDir(work); err != nil {
		return done, err
	}
	folder, end, err := atwork.Make(work, a.tenant.name+".") // Doctor knows whose it is
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, end()) }()
	copied := filepath.Join(folder, "copy.db")
	_, err = d.alongside(ctx, a, func() (Manifest, error) { return d.snapshot(ctx, a, path, copied, SnapshotOptions{}) })
	if err != nil {
		return done, err
	}
	conn, err := d.connect(ctx, copied, 0, sqlite.Config{Mode: sqlite.Create, Policy: a.def.set.Policy(), ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, 0)
	done, err = m.on(ctx, a.def, conn, o, func() error { return nil }) // closing the connection rolls back
	if err != nil {
		return done.undone(), err
	}
	done.Size = sizeOf(path)
	return done, nil
}

// undone is what is known when it has failed: where the file was, and is.
func (m Migrated) undone() Migrated { return Migrated{From: m.From, To: m.From} }

// workFolder is where copies are that operations are made of, below the data folder.
const workFolder = "work"

// withConn calls f with a connection to the tenant's file which the cache does not know. Who
// wants the file for itself waits for f.
func (d *Dir) withConn(ctx context.Context, a address, path string, cfg sqlite.Config, f func(conn *sqlite.Conn) error) (err error) {
	if err := d.copies.enter(ctx, a.tenant); err != nil {
		return err
	}
	defer d.copies.leave(a.tenant)
	conn, _, err := d.openToRead(ctx, a, path, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	return f(conn)
}

// sizeOf returns the size of a file, or 0 where it cannot be looked at.
func sizeOf(path string) int64 {
	info, err := os.Lstat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
