package migrate

import (
	"context"
	"errors"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Steps runs single migrations, up and down, as goose reads them and without
// recording that they ran and without a check of foreign keys: see [Set.Apply] and
// [Set.Revert] for a tenant's file. What a Down loses is lost.
type Steps struct {
	conn *sqlite.Conn
	edit edit
}

// NewSteps returns what runs migrations inside the transaction that is open on conn, which
// has the Policy of their set and does not enforce foreign keys. Of a migration that fails the
// caller rolls back what it has done.
func NewSteps(conn *sqlite.Conn) *Steps { return &Steps{conn: conn} }

// Up runs a migration's Up.
func (s *Steps) Up(ctx context.Context, m Migration) error {
	return s.run(ctx, m, m.up, func() ([]int, error) { return m.units, nil })
}

// Down runs a migration's Down, and reports whether there is nothing in it.
func (s *Steps) Down(ctx context.Context, m Migration) (empty bool, err error) {
	return len(m.down) == 0, s.run(ctx, m, m.down, func() ([]int, error) {
		down, err := m.ReadDown()
		return down.units, err
	})
}

// run runs the texts of a migration; lines returns which they begin on. The end of ctx stops
// statements through the connection, but a migration that has none ends by itself.
func (s *Steps) run(ctx context.Context, m Migration, texts []string, lines func() ([]int, error)) error {
	for i, text := range texts {
		err := s.edit.begin(s.conn, text)
		if err == nil {
			err = s.conn.Script(text)
		}
		if err != nil {
			line := 0
			at, linesErr := lines()
			if i < len(at) {
				line = at[i]
			}
			return errors.Join(m.failed(err, line), linesErr, s.edit.leave(s.conn))
		}
	}
	if err := s.edit.end(s.conn); err != nil {
		return m.failed(err, 0)
	}
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	return nil
}

// failed says that err is of the migration and, unless line is 0, of a text that begins there.
func (m Migration) failed(err error, line int) error {
	e := &Error{Kind: ErrFailed, File: m.Name, Version: m.Version, Err: err}
	var of *sqlite.Error
	if !errors.As(err, &of) || of.SQL == "" {
		return e
	}
	e.Err = of
	if strings.Contains(strings.ToUpper(of.SQL), "TRIGGER") && of.Message == "incomplete input" {
		e.Detail = "goose ends a statement at each line that ends with a semicolon; put StatementBegin and StatementEnd around CREATE TRIGGER"
	}
	if line > 0 {
		e.Line = line + strings.Count(of.SQL[:max(of.Offset, 0)], "\n")
	}
	return e
}
