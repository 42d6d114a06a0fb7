package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Snapshot copies the global database to the new file at path, while others read and write,
// as [Store.Snapshot] does a tenant's file. The manifest names no tenant. [RestoreGlobal]
// makes a global database of the copy.
func (db *GlobalDB[S]) Snapshot(ctx context.Context, path string, options SnapshotOptions) (m Manifest, err error) {
	err = db.operate(ctx, "snapshot", func(a address, from string) error {
		if path, err = a.dir.layout.outside(path); err != nil {
			return err
		}
		m, err = a.dir.alongside(ctx, a, func() (Manifest, error) { return a.dir.snapshot(ctx, a, from, path, options) })
		return err
	})
	return m, err
}

// Unchanged reports whether nothing was written to the global database since the state that
// the mark is of: see [Store.Unchanged].
func (db *GlobalDB[S]) Unchanged(ctx context.Context, mark string) (same bool, err error) {
	err = db.operate(ctx, "unchanged", func(a address, path string) error {
		now, err := a.dir.presentMark(ctx, a, path)
		same = err == nil && mark != "" && now.String() == mark
		return err
	})
	return same, err
}

// operate runs an operation on the global file and explains its error.
func (db *GlobalDB[S]) operate(ctx context.Context, op string, f func(a address, path string) error) error {
	if db == nil || db.a == nil {
		return noHandle(op)
	}
	return operateGlobal(ctx, op, address{dir: db.a.dir, def: db.a.def}, f)
}

func operateGlobal(ctx context.Context, op string, a address, f func(a address, path string) error) error {
	switch {
	case bindingOf(ctx).inTransaction(&a):
		return &Error{Op: op, Err: ErrNested, Hint: "do it outside the transactions of the global database"}
	case a.dir.closing.Load():
		return &Error{Op: op, Err: ErrClosed, Hint: hintFor(ErrClosed)}
	case ctx.Err() != nil:
		return &Error{Op: op, Err: sqlite.Ended(ctx)}
	}
	path := a.dir.path(a)
	return explain(op, ID{}, path, outcome(translate(ctx, f(a, path))))
}

// GlobalRestoreOptions say what becomes of the global database that is replaced.
type GlobalRestoreOptions struct {
	// Previous, if not nil, is called with a verified copy of what is there, to the last
	// commit, while nobody else can use it and before it is replaced; an error of it ends the
	// restore. The file at path is removed when it returns. It is not called where there is
	// nothing, or nothing that can be read.
	Previous func(ctx context.Context, path string, m Manifest) error

	// PreviousPath is where that copy is made: a new file outside of what is the Dir's own. Required with Previous.
	PreviousPath string
}

// RestoreGlobal gives the folder the global database of a copy that [GlobalDB.Snapshot] has
// made, in the place of the one that is there, if one is. The copy must be a global database
// of S, or with the catalog's schema any one, that SQLite finds whole and that no newer
// release has written to; else it is [ErrUnfit]. It is on the disk, beside, before anything is done with the old
// file; then that is replaced in one step. What it lacks in migrations, the next [OpenGlobal] runs.
//
// Nobody else may have the global database open: if another process has, the error is
// [ErrTenantOpenElsewhere] and all is as it was. Handles of this process are
// [ErrTenantGone] from then on; open it again. The context ends it at any time
// until the old file is replaced. If the process dies, the old or the new one is there, whole.
func RestoreGlobal[S GlobalSchema](ctx context.Context, dir *Dir, source Source, o GlobalRestoreOptions) error {
	var schema S
	def, err := define(schema, "global")
	if err != nil {
		return err
	}
	if !dir.opened() {
		return noHandle("restore the global database")
	}
	return operateGlobal(ctx, "restore the global database", address{dir: dir, def: def}, func(a address, path string) error {
		prepare := func(building string) error { return dir.makeGlobal(ctx, a, building, source) }
		return dir.fromSource(ctx, path, source, prepare, func(building string) error {
			return dir.alone(ctx, ID{}, func() error { return dir.replaceGlobal(ctx, a, building, path, o) })
		})
	})
}

// InspectGlobal looks at a copy as [RestoreGlobal] does, and restores nothing: the error is
// that with which RestoreGlobal would refuse it.
func InspectGlobal[S GlobalSchema](ctx context.Context, dir *Dir, source Source) error {
	var schema S
	def, err := define(schema, "global")
	if err != nil {
		return err
	}
	if !dir.opened() {
		return noHandle("inspect")
	}
	return operateGlobal(ctx, "inspect", address{dir: dir, def: def}, func(a address, path string) error {
		prepare := func(building string) error { return dir.makeGlobal(ctx, a, building, source) }
		return onlyInspected(dir.fromSource(ctx, path, source, prepare, func(string) error { return errInspected }))
	})
}

// replaceGlobal gives the finished file at building the name of the global one. The caller
// has that alone.
func (d *Dir) replaceGlobal(ctx context.Context, a address, building, path string, o GlobalRestoreOptions) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return d.nameFile(ctx, a, building, path)
	}
	old := oldFile{}
	if o.Previous != nil {
		old.copied = func(conn *sqlite.Conn) error { return d.copyPrevious(ctx, a, conn, path, o) }
	}
	return d.replace(ctx, a, building, path, old)
}

// makeGlobal looks at the copy and makes it another file than the one that it is a copy of.
func (d *Dir) makeGlobal(ctx context.Context, a address, building string, source Source) (err error) {
	conn, err := d.connect(ctx, building, 0, sqlite.Config{Mode: sqlite.Create, Policy: a.def.set.Policy(), ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return explainUnfit("opening it", err)
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, migrateWait)
	if _, err := readIdentity(conn, a); err != nil {
		return explainUnfit("what it is", err)
	}
	if _, err := a.def.set.Pending(conn); err != nil { // ahead, or beside
		return explainUnfit("its migrations", err)
	}
	if err := inspectContent(conn, source); err != nil {
		if ctx.Err() != nil {
			return sqlite.Ended(ctx)
		}
		return err
	}
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := renewIncarnation(conn); err != nil {
		return err
	}
	if err := conn.Exec("COMMIT"); err != nil {
		return err
	}
	return conn.Exec("PRAGMA journal_mode=wal")
}

// copyPrevious copies what conn has for itself, and gives it to whoever wants it. A file
// that turns out to be damaged is given to nobody.
func (d *Dir) copyPrevious(ctx context.Context, a address, conn *sqlite.Conn, path string, o GlobalRestoreOptions) error {
	copied, err := d.layout.outside(o.PreviousPath)
	if err != nil {
		return err
	}
	m, err := d.copyTo(ctx, a, copied, func(out *os.File) (m Manifest, err error) {
		have, err := readIdentity(conn, a)
		if err == nil {
			err = describe(conn, a, have, &m)
		}
		if err != nil {
			return m, err
		}
		return m, d.copyPages(ctx, conn, out, path, &m, SnapshotOptions{MaxLog: -1})
	})
	if unreadable(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("copying what is there: %w", err)
	}
	return errors.Join(o.Previous(ctx, copied, m), d.files.Remove(copied))
}
