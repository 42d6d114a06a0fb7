package migrate

import (
	"context"
	"fmt"

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

// Moved is what running migrations has done; with an error, nothing.
type Moved struct {
	From, To int64    // the number of the last migration that had run before, and of that afterwards; 0: none
	Names    []string // the files of the migrations that were run or taken down, in order
}

func (m Moved) undone() Moved { return Moved{From: m.From, To: m.From} }

// Apply runs the pending migrations inside the transaction that is open on conn. conn has
// the set's Policy and does not enforce foreign keys. On an error the caller rolls the
// transaction back.
func (s *Set) Apply(ctx context.Context, conn *sqlite.Conn) (moved Moved, err error) {
	rows, _, begun, err := s.records(conn)
	if err != nil {
		return Moved{}, err
	}
	pending, err := s.pending(rows)
	if err != nil {
		return Moved{}, err
	}
	if !begun {
		if err := s.tables.make(conn); err != nil {
			return Moved{}, err
		}
	}
	moved.From, moved.To = last(rows), last(rows)
	if pending == 0 {
		return moved, nil
	}
	guard, err := newGuard(conn, s)
	if err != nil {
		return Moved{}, err
	}
	steps := NewSteps(conn)
	for _, m := range s.Migrations[len(s.Migrations)-pending:] {
		if err := steps.Up(ctx, m); err != nil {
			return moved.undone(), err
		}
		if err := guard.record(m); err != nil {
			return moved.undone(), m.failed(err, 0)
		}
		moved.To = m.Version
		moved.Names = append(moved.Names, m.Name)
	}
	if ctx.Err() != nil {
		return moved.undone(), sqlite.Ended(ctx)
	}
	return moved, nil
}
