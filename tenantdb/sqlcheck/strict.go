package sqlcheck

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Strict is an in-memory database, empty at first, for statements of migrations that
// are run one by one to see what SQLite says of each. Other than when they are applied,
// what stands in double quotes is a name there and never a string.
type Strict struct {
	conn *sqlite.Conn
}

// OpenStrict opens a database that is closed with [Strict.Close].
func OpenStrict(ctx context.Context) (*Strict, error) {
	conn, err := sqlite.Open(ctx, ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, Policy: sqlite.Queries, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: %w", err)
	}
	conn.Watch(ctx, 0)
	return &Strict{conn: conn}, nil
}

// Run runs one statement. A refusal of SQLite's is an [*Error].
func (s *Strict) Run(sql string) error {
	err := s.conn.Exec(sql)
	var refused *sqlite.Error
	if errors.As(err, &refused) {
		return &Error{Message: refused.Message, Offset: refused.Offset}
	}
	if err != nil {
		return fmt.Errorf("sqlcheck: %w", err)
	}
	return nil
}

// Close closes the database.
func (s *Strict) Close() error { return s.conn.Close() }
