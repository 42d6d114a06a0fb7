package migrate

import (
	"context"
	"fmt"
	"slices"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Revert takes down the migrations that have run behind the version, the last one first, within
// the transaction that is open on conn. What a Down removes is lost. conn has
// the set's Policy and does not enforce foreign keys, which are checked after each. Version 0 is
// before the first. A migration without anything in its Down, and one that is not of the set,
// are ErrFailed. On an error the caller rolls the transaction back.
func (s *Set) Revert(ctx context.Context, conn *sqlite.Conn, to int64) (moved Moved, err error) {
	rows, _, begun, err := s.records(conn)
	if err != nil {
		return Moved{}, err
	}
	if to != 0 && !slices.ContainsFunc(rows, func(a applied) bool { return a.version == to }) {
		return Moved{}, &Error{Kind: ErrFailed, Version: to, Detail: fmt.Sprintf("migration %d has not run, so there is nothing to go back to", to)}
	}
	if !begun { // another tool may have kept its own record alone
		if err := s.tables.make(conn); err != nil {
			return Moved{}, err
		}
	}
	steps := NewSteps(conn)
	guard, err := newGuard(conn, s)
	if err != nil {
		return Moved{}, err
	}
	moved.From, moved.To = last(rows), last(rows)
	for len(rows) > 0 && last(rows) > to {
		name, err := s.revertOne(ctx, steps, guard, rows[len(rows)-1])
		if err != nil {
			return moved.undone(), err
		}
		moved.Names = append(moved.Names, name)
		rows = rows[:len(rows)-1]
		moved.To = last(rows)
	}
	return moved, nil
}

// revertOne takes down one migration, forgets that it has run, and returns its file's name.
func (s *Set) revertOne(ctx context.Context, steps *Steps, guard *guard, ran applied) (string, error) {
	failed := func(detail string) (string, error) {
		return "", &Error{Kind: ErrFailed, File: ran.name, Version: ran.version, Detail: detail}
	}
	i := slices.IndexFunc(s.Migrations, func(m Migration) bool { return m.Version == ran.version })
	if i < 0 {
		return failed(fmt.Sprintf("migration %d is not among this program's; take it down with the release that has it", ran.version))
	}
	m := s.Migrations[i]
	if ran.sum != "" && ran.sum != m.Sum {
		return failed("another text of it has run than this program has; take it down with the release that has it")
	}
	down, err := m.ReadDown()
	if err != nil {
		return "", err
	}
	if down.Empty {
		return failed("there is nothing in its Down, so it cannot be taken down; restore a backup, or write a migration that goes forward")
	}
	if _, err := steps.Down(ctx, m); err != nil {
		return "", err
	}
	if err := guard.check(); err != nil {
		return "", &Error{Kind: ErrFailed, File: m.Name, Version: m.Version, Err: err}
	}
	return m.Name, s.forget(steps.conn, m.Version)
}

// forget removes what the version table and the ledger say of a version.
func (s *Set) forget(conn *sqlite.Conn, version int64) error {
	for _, sql := range []string{
		"DELETE FROM %[2]s WHERE goose_id IN (SELECT id FROM %[1]s WHERE version_id = %[3]d)",
		"DELETE FROM %[1]s WHERE version_id = %[3]d",
	} {
		if err := conn.Exec(fmt.Sprintf(sql, s.tables.version, s.tables.ledger, version)); err != nil {
			return err
		}
	}
	return nil
}
