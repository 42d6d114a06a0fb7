package migrate

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Pending returns how many migrations of the set have not run on the database of
// conn. It fails with ErrAhead or ErrDiverged where the set must not be used on
// it.
func (s *Set) Pending(conn *sqlite.Conn) (int, error) {
	pending, _, err := s.Look(conn)
	return pending, err
}

// Look is Pending, and returns how the version table stood in the same look.
func (s *Set) Look(conn *sqlite.Conn) (pending int, at Mark, err error) {
	rows, at, err := s.history(conn)
	if err == nil {
		pending, err = s.pending(rows)
	}
	return pending, at, err
}

// pending compares the migrations that have run with those of the set.
func (s *Set) pending(rows []applied) (int, error) {
	for i, m := range s.Migrations {
		if i == len(rows) {
			return len(s.Migrations) - i, nil
		}
		if err := same(m, rows[i]); err != nil {
			return 0, err
		}
	}
	for _, newer := range rows[len(s.Migrations):] {
		if newer.compatibleWith > s.Latest() {
			return 0, &Error{Kind: ErrAhead, Version: newer.version, Detail: fmt.Sprintf(
				"migration %d (%s) has run on it, this program's newest is %d; run the newer release, or mark its migrations with `-- silo: compatible-with %[3]d` where this one can live with them",
				newer.version, newer.name, s.Latest())}
		}
	}
	return 0, nil
}

// same fails if the migration that has run at m's place in the order is not m.
func same(m Migration, ran applied) error {
	diverged := func(detail string) error {
		return &Error{Kind: ErrDiverged, File: m.Name, Version: m.Version, Detail: detail}
	}
	switch {
	case ran.version > m.Version:
		return diverged(fmt.Sprintf("migration %d has not run, but the later %d has; give a migration that was merged late a number after those released", m.Version, ran.version))
	case ran.version < m.Version:
		return diverged(fmt.Sprintf("migration %d (%s) has run and is not among this program's", ran.version, ran.name))
	case ran.sum != "" && ran.sum != m.Sum:
		return diverged(fmt.Sprintf("another text of migration %d has run; restore the file as it was released and put the change into a new migration", m.Version))
	}
	return nil
}

// Apply runs the pending migrations inside the transaction that is open on conn,
// and names those that ran. conn has the set's Policy and does not enforce
// foreign keys. On an error the caller rolls the transaction back.
func (s *Set) Apply(ctx context.Context, conn *sqlite.Conn) (ran []string, err error) {
	if _, err := s.Pending(conn); err != nil {
		return nil, err
	}
	for _, sql := range s.tables.create() {
		if err := conn.Exec(sql); err != nil {
			return nil, err
		}
	}
	var at place
	store, err := newStore(conn, s, &at)
	if err != nil {
		return nil, err
	}
	db := gooseDB(conn, &at)
	defer func() { err = errors.Join(err, at.leave(conn), db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectCustom, db, s.fsys, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, &Error{Kind: ErrInvalid, Err: err}
	}
	// Without its end: database/sql would roll back on a goroutine of its own, while
	// the connection is in use. The connection itself watches the context.
	results, err := provider.UpTo(context.WithoutCancel(ctx), s.Latest())
	if err != nil {
		return nil, s.failed(err, at)
	}
	if ctx.Err() != nil {
		return nil, sqlite.Ended(ctx)
	}
	for _, result := range results {
		ran = append(ran, path.Base(result.Source.Path))
	}
	return ran, nil
}

// failed says which migration, and which line of it, err is about.
func (s *Set) failed(err error, at place) error {
	e := &Error{Kind: ErrFailed, Err: err}
	var partial *goose.PartialError
	if !errors.As(err, &partial) {
		return e
	}
	e.File, e.Version, e.Err = path.Base(partial.Failed.Source.Path), partial.Failed.Source.Version, partial.Err
	var sqlErr *sqlite.Error
	if !errors.As(err, &sqlErr) || sqlErr.SQL == "" {
		return e
	}
	e.Err = sqlErr
	if strings.Contains(strings.ToUpper(sqlErr.SQL), "TRIGGER") && sqlErr.Message == "incomplete input" {
		e.Detail = "goose ends a statement at each line that ends with a semicolon; put StatementBegin and StatementEnd around CREATE TRIGGER"
	}
	for _, m := range s.Migrations {
		if m.Version == e.Version && 0 < at.unit && at.unit <= len(m.units) {
			e.Line = m.units[at.unit-1] + strings.Count(sqlErr.SQL[:max(sqlErr.Offset, 0)], "\n")
		}
	}
	return e
}
