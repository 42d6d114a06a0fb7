package driver

import (
	"context"
	"database/sql"
	"fmt"
)

// keyless reports whether an error may be about a key that is NULL.
func (u *unit) keyless(ctx context.Context, db *sql.DB, s *Session, err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	if _, ok := s.Mismatch(err); !ok {
		return false, nil
	}
	return u.nullKey(ctx, db)
}

// nullKey reports whether a row's key is NULL, which SQLite allows in most tables and
// generated code does not read. The rows that a run begins with have keys; one that an
// INSERT leaves without is another matter than a wrong value.
func (u *unit) nullKey(ctx context.Context, db *sql.DB) (bool, error) {
	for _, t := range u.tables {
		for _, c := range t.columns {
			if !c.key || c.notNull {
				continue
			}
			found, err := texts(ctx, db, fmt.Sprintf("SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1", quoteName(t.name), quoteName(c.name)))
			if err != nil || len(found) > 0 {
				return len(found) > 0, err
			}
		}
	}
	return false, nil
}
