package corpus

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	_ "modernc.org/sqlite" // the driver that programs without Silo have
)

// findRunnable finds out of which refused queries SQLite itself would have run. sqlc
// handles others too: it knows no functions that are not there, and reads past mistakes.
func (b *bench) findRunnable(ctx context.Context, t *trial) (err error) {
	var refused []*Query
	for _, q := range t.queries {
		if q.Runnable = q.Class != Refused; !q.Runnable {
			refused = append(refused, q)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	for _, m := range t.unit.migrations() {
		if _, err := db.ExecContext(ctx, upOf(m.text)); err != nil {
			return nil // nor would any query on this schema
		}
	}
	for _, q := range refused {
		q.Runnable = prepares(ctx, db, q)
	}
	return nil
}

// prepares reports whether SQLite prepares a query.
func prepares(ctx context.Context, db *sql.DB, q *Query) bool {
	s := byHand(q.statement)
	var text strings.Builder
	for _, part := range s.Parts {
		text.WriteString(part.Text)
		if part.Param > 0 {
			fmt.Fprintf(&text, "?%d", part.Param)
		}
	}
	rows, err := db.QueryContext(ctx, "EXPLAIN "+text.String(), make([]any, len(s.Params))...)
	if err != nil {
		return false
	}
	defer func() { _ = rows.Close() }() // nothing is read but whether it can be
	rows.Next()
	return rows.Err() == nil
}

var gooseDown = regexp.MustCompile(`(?m)^-- \+goose Down\s*$`)

// upOf is what a migration does.
func upOf(text string) string {
	if at := gooseDown.FindStringIndex(text); at != nil {
		return text[:at[0]]
	}
	return text
}
