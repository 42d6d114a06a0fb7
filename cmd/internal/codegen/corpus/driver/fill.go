package driver

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// fill inserts rows that keep to every constraint, as far as chance finds them.
func (p *pool) fill(ctx context.Context, db *sql.DB, tables []*table) error {
	for range 3 { // a table may come before its parent
		for _, t := range tables {
			for range 6 {
				p.insert(ctx, db, t)
			}
		}
	}
	return p.learn(ctx, db, tables)
}

// insert tries to add one row. What a constraint or a trigger refuses is tried again a
// few times, with other values.
func (p *pool) insert(ctx context.Context, db *sql.DB, t *table) {
	for range 4 {
		var names, places []string
		var values []any
		for _, c := range t.columns {
			if c.generated || c.fallback != "" && p.chance(30) || c.key && c.declared == "INTEGER" && p.chance(80) {
				continue
			}
			value := p.value(ctx, db, t, c)
			names, places, values = append(names, quoteName(c.name)), append(places, "?"), append(values, value)
		}
		query := fmt.Sprintf("INSERT INTO %s DEFAULT VALUES", quoteName(t.name))
		if len(names) > 0 {
			query = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quoteName(t.name), strings.Join(names, ", "), strings.Join(places, ", "))
		}
		if _, err := db.ExecContext(ctx, query, values...); err == nil {
			return
		}
	}
}

func (p *pool) value(ctx context.Context, db *sql.DB, t *table, c column) any {
	if !c.notNull && !c.key && p.chance(25) {
		return nil
	}
	if c.parent == nil {
		return p.conforming(t, c)
	}
	var value any
	query := fmt.Sprintf("SELECT %s FROM %s LIMIT 1 OFFSET ?", quoteName(c.parent.column), quoteName(c.parent.table))
	if err := db.QueryRowContext(ctx, query, p.random.IntN(6)).Scan(&value); err == nil {
		return bound(value)
	}
	if !c.notNull && !c.key {
		return nil
	}
	return p.conforming(t, c)
}
