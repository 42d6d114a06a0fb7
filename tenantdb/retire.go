package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Retire deletes the tenant and keeps its data: its file is put aside, from where
// [Store.Reinstate] brings it back and [Store.Purge] removes it. To all who use the tenant
// it is deleted, as by [Store.Delete], whose words on waiting, on other processes and on
// handles hold here too. A new tenant of the ID may be created.
//
// The context ends it until the file is marked; then it goes on to its end. If the process
// dies in between, the tenant is deleted, and whoever next retires, creates, adopts or
// reinstates a tenant of that ID finishes it; so when it fails once the file is marked, or
// perhaps is, with [ErrOutcomeUnknown]. For a tenant that is not there, or was
// retired before, the error is [ErrUnknownTenant].
func (st *Store[S]) Retire(ctx context.Context, id ID) (Retired, error) {
	if st == nil || st.s == nil {
		return Retired{}, noHandle("retire")
	}
	var r Retired
	err := st.s.operate(ctx, "retire", id, func(a address, path string) error {
		return a.dir.alone(ctx, id, func() (err error) {
			r, err = a.dir.retire(ctx, a, path)
			return err
		})
	})
	return r, err
}

// operate runs one operation on the file of a tenant and explains its error.
func (s *store) operate(ctx context.Context, op string, id ID, f func(a address, path string) error) error {
	a := address{dir: s.dir, def: s.def, tenant: id}
	switch {
	case id.IsZero():
		return &Error{Op: op, Err: fmt.Errorf("%w: it is the zero ID", ErrBadID), Hint: "make it with ParseID"}
	case bindingOf(ctx).inTransaction(&a):
		return &Error{Op: op, Tenant: id, Err: ErrNested, Hint: "do it outside the tenant's transactions"}
	case s.dir.closing.Load():
		return &Error{Op: op, Tenant: id, Err: ErrClosed, Hint: hintFor(ErrClosed)}
	case ctx.Err() != nil:
		return &Error{Op: op, Tenant: id, Err: sqlite.Ended(ctx)}
	}
	path := s.dir.path(a)
	return explain(op, id, path, outcome(translate(ctx, f(a, path))))
}

// outcome says of an error of steps on files whether what they did is on the disk.
func outcome(err error) error {
	if errors.Is(err, durable.ErrUnsure) {
		return fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	}
	return err
}

// retire marks the file and moves it. The caller has the tenant alone.
//
// The mark comes first. A process that had found the name before opens either the file
// with its mark, or nothing; moved first, the file would be a tenant's in another folder.
func (d *Dir) retire(ctx context.Context, a address, path string) (Retired, error) {
	switch at := d.stateOf(ctx, path); at {
	case absent:
		return Retired{}, ErrUnknownTenant
	case gone:
		return Retired{}, errors.Join(ErrUnknownTenant, d.removeFiles(path))
	case retired:
		return d.moveRetired(ctx, a, path)
	}
	if err := durable.MakeDir(d.layout.deletedFolder()); err != nil {
		return Retired{}, err
	}
	if err := d.markRetired(ctx, a, path); err != nil {
		// Where the disk fails at the very end of the commit, the mark is there all the same.
		switch marked, lookErr := d.isMarkedRetired(ctx, path); {
		case lookErr != nil && errors.Is(err, ErrIO):
			return Retired{}, fmt.Errorf("%w: %w", ErrOutcomeUnknown, errors.Join(err, lookErr))
		case !marked:
			return Retired{}, err
		}
	}
	r, err := d.moveRetired(ctx, a, path)
	if err != nil {
		return Retired{}, fmt.Errorf("%w: it is marked as retired: %w", ErrOutcomeUnknown, err)
	}
	return r, nil
}

// markRetired has all of the tenant in its one file, and marks that.
func (d *Dir) markRetired(ctx context.Context, a address, path string) (err error) {
	conn, err := d.take(ctx, a, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	// With a journal on the disk, unlike Delete: the file is to be kept, and is as it
	// was if the process or the power fails in the middle.
	return conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", retiredID))
}

// isMarkedRetired looks at a file as whoever opens it next: what a commit that failed has left
// is rolled back.
func (d *Dir) isMarkedRetired(ctx context.Context, path string) (marked bool, err error) {
	conn, err := d.connect(ctx, path, exclusiveWait, sqlite.Config{})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, exclusiveWait)
	app, err := readApplicationID(conn)
	return app == retiredID, err
}

// moveRetired moves the marked file at path to where retired files are. The caller is
// within withNames; nobody goes on with the file, but some may be looking at its mark.
func (d *Dir) moveRetired(ctx context.Context, a address, path string) (Retired, error) {
	have, size, err := d.lookRetired(ctx, path)
	if err != nil {
		return Retired{}, err
	}
	r := Retired{Tenant: a.tenant, Incarnation: have.incarnation, At: time.Now().UTC().Truncate(time.Second), Size: size}
	if err := errors.Join(r.check(), durable.MakeDir(d.layout.deletedFolder())); err != nil {
		return Retired{}, err
	}
	// What is left beside says nothing any more: the mark was committed without a log.
	if err := d.files.Remove(beside(path)...); err != nil {
		return Retired{}, err
	}
	return r, d.files.Move(path, d.layout.retiredPath(r))
}

// lookRetired reads what a marked file was.
func (d *Dir) lookRetired(ctx context.Context, path string) (have identity, size int64, err error) {
	conn, err := d.connect(ctx, path, exclusiveWait, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return identity{}, 0, err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, exclusiveWait)
	if have, err = readIdentityRow(conn); err != nil {
		return identity{}, 0, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return identity{}, 0, err
	}
	return have, info.Size(), nil
}
