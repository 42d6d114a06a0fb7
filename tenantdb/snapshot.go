package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// SnapshotOptions say how a copy is taken. The zero value means the defaults.
type SnapshotOptions struct {
	// Progress, if not nil, is told after each megabyte, or so, how many pages are copied
	// and how many there are. The copy waits for it, and so does what MaxLog is about.
	Progress func(copied, pages int)

	// MaxLog is how large, in bytes, the tenant's log may grow while the copy is taken: as
	// long as it is read, the log cannot be begun anew. When it is larger, and the copying
	// has lasted for ten seconds, it is given up with [ErrSnapshotTooOld]. Defaults to the size
	// of the tenant, and at least 256 MiB; negative means without a bound.
	MaxLog int64
}

const (
	copyStep       = 1 << 20   // bytes that are written at once, between two looks at the context
	snapshotMaxLog = 256 << 20 // see SnapshotOptions.MaxLog
)

// Snapshot copies the tenant's file to the new file at path, while others read and write:
// the copy is one state of the tenant, complete in the one file, and on the disk when
// Snapshot returns. It is written beside, verified (SQLite's quick_check, what the file
// says it is, its size) and then given its name; if path exists the error is fs.ErrExist
// and nothing is replaced. Path may not be among the data folder's own files. A copy of up
// to 32 MiB is verified in memory, and takes as much of that for as long.
//
// A tenant of any version of the schema is copied as it is; it is not migrated. What
// deletes or replaces the tenant waits until the copy is taken. The context ends it at any
// time until the copy has its name; nothing is left then. A process that dies may leave a
// file .NAME.building.* beside, which a later Snapshot to that path removes after an hour.
// [Store.Adopt] and [Store.Restore] make a tenant of the copy.
func (st *Store[S]) Snapshot(ctx context.Context, id ID, path string, options SnapshotOptions) (Manifest, error) {
	if st == nil || st.s == nil {
		return Manifest{}, noHandle("snapshot")
	}
	var m Manifest
	err := st.s.operate(ctx, "snapshot", id, func(a address, from string) (err error) {
		if path, err = a.dir.layout.outside(path); err != nil {
			return err
		}
		m, err = a.dir.alongside(ctx, a, func() (Manifest, error) { return a.dir.snapshot(ctx, a, from, path, options) })
		return err
	})
	if err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// alongside calls f, which copies a file that others use, and wait for if they want it alone.
func (d *Dir) alongside(ctx context.Context, a address, f func() (Manifest, error)) (Manifest, error) {
	if err := d.copies.enter(ctx, a.tenant); err != nil {
		return Manifest{}, err
	}
	defer d.copies.leave(a.tenant)
	select { // few at once: see atOnce
	case d.copying <- struct{}{}:
		defer func() { <-d.copying }()
	case <-ctx.Done():
		return Manifest{}, sqlite.Ended(ctx)
	}
	return f()
}

func (d *Dir) snapshot(ctx context.Context, a address, from, path string, o SnapshotOptions) (Manifest, error) {
	return d.copyTo(ctx, a, path, func(out *os.File) (Manifest, error) { return d.copyOut(ctx, a, from, out, o) })
}

// copyTo makes the new file at path, which fill copies into an empty one beside it.
func (d *Dir) copyTo(ctx context.Context, a address, path string, fill func(out *os.File) (Manifest, error)) (m Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	if err := sweepBuilding(filepath.Dir(path), filepath.Base(path), time.Now()); err != nil {
		return Manifest{}, err
	}
	out, err := reserve(path)
	if err != nil {
		return Manifest{}, err
	}
	building := out.Name()
	defer func() {
		if err != nil {
			err = errors.Join(err, d.files.Remove(building))
		}
	}()
	if m, err = fill(out); err == nil {
		err = d.seal(ctx, a, out, &m)
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return Manifest{}, err
	}
	return m, d.files.Name(building, path)
}

// reserve makes an empty file beside path, to be built.
func reserve(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), buildPrefix+filepath.Base(path)+buildSuffix+".*")
}

// copyOut copies a state of the tenant's file into the empty file out.
func (d *Dir) copyOut(ctx context.Context, a address, from string, out *os.File, o SnapshotOptions) (m Manifest, err error) {
	source, err := d.source(ctx, a, from, &m)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, d.disconnect(source)) }()
	if err := d.copyPages(ctx, source, out, from, &m, o); err != nil {
		return Manifest{}, err
	}
	return m, source.Rollback()
}

// copyPages copies what source reads into the empty file out, from the beginning to the end.
func (d *Dir) copyPages(ctx context.Context, source *sqlite.Conn, out *os.File, from string, m *Manifest, o SnapshotOptions) error {
	log := logWatch{path: from + "-wal", began: time.Now(), limit: o.MaxLog}
	writer, buffer := writeBehind(out, min(m.Size, copyStep))
	copied := int64(0)
	err := source.Pages(func(page []byte) (err error) {
		buffer = append(buffer, page...)
		if copied++; copied == 1 {
			header := (*[sqlite.HeaderSize]byte)(buffer)
			sqlite.UnmarkWAL(header) // so that nothing is made beside it to read it
			sqlite.CountPages(header, uint32(m.Pages))
		}
		if len(buffer)+len(page) <= cap(buffer) && copied < m.Pages {
			return nil
		}
		d.files.Before("write", out.Name())
		if buffer, err = writer.next(buffer); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(int(copied), int(m.Pages))
		}
		if ctx.Err() != nil {
			return sqlite.Ended(ctx)
		}
		return log.look(m.Size)
	})
	if last := writer.close(); err == nil {
		err = last
	}
	if err == nil && copied != m.Pages {
		err = fmt.Errorf("%w: %d pages were read, of %d", ErrIO, copied, m.Pages)
	}
	return err
}

// source opens the tenant's file to be copied, in a transaction that has its snapshot.
func (d *Dir) source(ctx context.Context, a address, from string, m *Manifest) (_ *sqlite.Conn, err error) {
	conn, have, err := d.openToRead(ctx, a, from, sqlite.Config{Schemas: d.schemasOf(a.def)})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.disconnect(conn))
		}
	}()
	// The mark first: it may be of an older state than the snapshot, never of a later one.
	m.Mark = d.markOf(conn, from).String()
	if err := conn.BeginRead(); err != nil {
		return nil, err
	}
	return conn, describe(conn, a, have, m)
}

// describe says what the file of conn is, of that identity, that is about to be copied.
func describe(conn *sqlite.Conn, a address, have identity, m *Manifest) error {
	m.Taken = time.Now().UTC()
	m.Tenant, m.Schema, m.Incarnation = a.tenant, have.schema, have.incarnation
	_, err := conn.Once("PRAGMA page_count", func(row *sqlite.Stmt) { m.Pages = row.ColumnInt(0) }) // and takes the snapshot
	if err == nil {
		_, err = conn.Once("PRAGMA page_size", func(row *sqlite.Stmt) { m.PageSize = row.ColumnInt(0) })
	}
	m.Size = m.PageSize * m.Pages
	return err
}

// openToRead opens the tenant's file on a connection of its own, which migrates nothing.
func (d *Dir) openToRead(ctx context.Context, a address, path string, cfg sqlite.Config) (_ *sqlite.Conn, have identity, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, have, ErrUnknownTenant
	case err != nil:
		return nil, have, err
	case !info.Mode().IsRegular():
		return nil, have, fmt.Errorf("%w: it is no regular file but %v; links and folders are refused", ErrCannotOpen, info.Mode().Type())
	}
	conn, err := d.connect(ctx, path, d.options.Wait, cfg)
	if err != nil {
		if _, gone := os.Lstat(path); errors.Is(gone, fs.ErrNotExist) {
			err = ErrUnknownTenant // removed in between
		}
		return nil, have, err
	}
	conn.Watch(ctx, d.options.Wait)
	have, err = readIdentity(conn, a)
	if err == nil {
		err = d.giveLog(ctx, conn)
	}
	if errors.Is(err, ErrTenantGone) {
		err = ErrUnknownTenant // its Delete was interrupted
	}
	if err != nil {
		return nil, have, errors.Join(err, d.disconnect(conn))
	}
	return conn, have, nil
}

// logWatch looks at the log that a copy keeps from being begun anew.
type logWatch struct {
	path  string
	began time.Time
	limit int64
}

func (w logWatch) look(size int64) error {
	limit := w.limit
	if limit == 0 {
		limit = max(size, snapshotMaxLog)
	}
	if limit < 0 || time.Since(w.began) < oldSnapshot {
		return nil
	}
	info, err := os.Lstat(w.path) // never opened: that would drop SQLite's locks
	if err != nil || info.Size() <= limit {
		return nil //nolint:nilerr // the reading of it will tell
	}
	return fmt.Errorf("%w: it has grown to %d bytes in %v; copy to a faster disk, or raise MaxLog",
		ErrSnapshotTooOld, info.Size(), time.Since(w.began).Round(time.Second))
}
