package migrate

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Steps runs single migrations of a set, up and down, as goose reads them and without
// recording that they ran and without a check of foreign keys: see [Set.Revert] for a
// tenant's file. What a Down loses is lost.
type Steps struct {
	set      *Set
	conn     *sqlite.Conn
	db       *sql.DB
	provider *goose.Provider
	at       *place
}

// Steps prepares to run migrations inside the transaction that is open on conn, which
// has the set's Policy and does not enforce foreign keys. The caller closes what
// is returned; conn stays open.
func (s *Set) Steps(conn *sqlite.Conn) (*Steps, error) {
	at := &place{}
	db := gooseDB(conn, at)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, s.fsys, goose.WithDisableVersioning(true), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, &Error{Kind: ErrInvalid, Err: err}
	}
	return &Steps{set: s, conn: conn, db: db, provider: provider, at: at}, nil
}

// Close ends the use of the connection.
func (s *Steps) Close() error { return s.db.Close() }

// Up runs a migration's Up.
func (s *Steps) Up(ctx context.Context, m Migration) error {
	if _, err := s.provider.ApplyVersion(context.WithoutCancel(ctx), m.Version, true); err != nil {
		return s.failed(s.set, err)
	}
	return cmp.Or(s.end(m), ended(ctx))
}

// end ends what has run of a migration.
func (s *Steps) end(m Migration) error {
	err := s.at.end(s.conn)
	if err != nil {
		err = &Error{Kind: ErrFailed, File: m.Name, Version: m.Version, Err: err}
	}
	return err
}

// failed says of set's migration why it failed, and ends it.
func (s *Steps) failed(set *Set, err error) error {
	at := *s.at
	leaveErr := s.at.leave(s.conn)
	return errors.Join(set.failed(err, at), leaveErr)
}

// Down runs a migration's Down, and reports whether there is nothing in it.
func (s *Steps) Down(ctx context.Context, m Migration) (empty bool, err error) {
	result, err := s.provider.ApplyVersion(context.WithoutCancel(ctx), m.Version, false)
	if err == nil {
		return result.Empty, cmp.Or(s.end(m), ended(ctx))
	}
	down, readErr := s.set.ReadDown(m)
	if readErr != nil {
		return false, readErr
	}
	// The lines that a failure is told by are then those of the Down.
	m.units = down.units
	return false, s.failed(&Set{Migrations: []Migration{m}}, err)
}

// ended returns why the context has ended, if it has. Its end stops statements through
// the connection, but a migration that has none ends by itself.
func ended(ctx context.Context) error {
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	return nil
}

// Down is what undoes a migration.
type Down struct {
	Line  int   // that of `-- +goose Down`, or 0 if there is none
	Empty bool  // there is no statement in it
	units []int // the line that each text of it which goose runs begins on
}

// ReadDown returns what a migration of the set says of its Down.
func (s *Set) ReadDown(m Migration) (Down, error) {
	data, err := fs.ReadFile(s.fsys, m.Name)
	if err != nil {
		return Down{}, &Error{Kind: ErrInvalid, File: m.Name, Err: err}
	}
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		if strings.TrimRight(line, " \t\r") != "-- +goose Down" {
			lines[i] = "" // of the Up, which is read by those who run it
			continue
		}
		// Read as an Up, a Down tells its lines in the same way.
		lines[i] = "-- +goose Up"
		read, err := parse(m.Name, strings.Join(lines, "\n"))
		if err != nil {
			return Down{}, err
		}
		return Down{Line: i + 1, Empty: len(read.units) == 0, units: read.units}, nil
	}
	return Down{Empty: true}, nil
}
