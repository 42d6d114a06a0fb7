package tenantdb_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
)

// The model test's tenants have one table of cells. Each row says whose it is, and its
// text follows from its key, so that a row which is not the right one is seen.

type cells struct{ tenantdb.Tenant }

func (cells) Migrations() fs.FS {
	return files(`-- +goose Up
CREATE TABLE cells (key INTEGER PRIMARY KEY, value INTEGER NOT NULL UNIQUE CHECK (value >= 0), tenant TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (value, text);
-- +goose StatementBegin
CREATE TRIGGER cells_put AFTER INSERT ON cells BEGIN
	INSERT INTO words (rowid, value, text) VALUES (new.key, new.value, substr(new.text, 1, 100));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER cells_set AFTER UPDATE ON cells BEGIN
	UPDATE words SET value = new.value WHERE rowid = new.key;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER cells_drop AFTER DELETE ON cells BEGIN
	DELETE FROM words WHERE rowid = old.key;
END;
-- +goose StatementEnd
-- +goose Down
DROP TABLE words;
DROP TABLE cells;
`)
}
func (s cells) Origin() tenantdb.Origin { return origin("cells", s.Migrations()) }

const insertCell = "INSERT INTO cells (key, value, tenant, text) "

var (
	putCell = query.Write("PutCell", "cells.sql:1", insertCell+"VALUES (?1, ?2, ?3, ?4)")
	// putSlowly runs long enough for a context to end meanwhile.
	putSlowly = query.Write("PutSlowly", "cells.sql:3", insertCell+`SELECT ?1, ?2, ?3, ?4 FROM
(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT max(i) AS most FROM n) WHERE most > 0`)
	setCell   = query.Write("SetCell", "cells.sql:6", "UPDATE cells SET value = ?2 WHERE key = ?1")
	dropCell  = query.Write("DropCell", "cells.sql:9", "DELETE FROM cells WHERE key = ?1")
	listCells = query.Read("ListCells", "cells.sql:12", "SELECT key, value, tenant, text FROM cells ORDER BY key")
)

// cell is what the model knows of a row.
type cell struct {
	Value int64
	Size  int // of the text
}

// state is the rows of a tenant, by their keys.
type state map[int64]cell

// change is a statement that writes.
type change struct {
	Do    string // put, slow, set or drop
	Key   int64
	Value int64
	Size  int
}

func textOf(key int64, size int) string { return strings.Repeat(string(rune('a'+key%26)), size) }

func (c change) run(ctx context.Context, h tenantdb.Handle[cells], tenant string) (changed int64, err error) {
	switch c.Do {
	case "set":
		return query.ExecRows(ctx, tenantdb.Bind(h), setCell, query.Int(c.Key), query.Int(c.Value))
	case "drop":
		return query.ExecRows(ctx, tenantdb.Bind(h), dropCell, query.Int(c.Key))
	}
	st := putCell
	if c.Do == "slow" {
		st = putSlowly
	}
	return query.ExecRows(ctx, tenantdb.Bind(h), st, query.Int(c.Key), query.Int(c.Value), query.Text(tenant), query.Text(textOf(c.Key, c.Size)))
}

// What stands in the place of how many rows are changed: a constraint forbids it, or
// the statement has failed otherwise.
const (
	refused = -1
	lost    = -2
)

// apply does to a state what the change does to a tenant. It returns another state and
// how many rows are changed, or refused.
func (s state) apply(c change) (state, int64) {
	old, there := s[c.Key]
	if c.Do == "drop" || c.Do == "set" {
		if !there {
			return s, 0
		}
	} else if there {
		return s, refused
	}
	out := maps.Clone(s)
	if c.Do == "drop" {
		delete(out, c.Key)
		return out, 1
	}
	for key, other := range s {
		if other.Value == c.Value && key != c.Key {
			return s, refused
		}
	}
	if c.Value < 0 {
		return s, refused
	}
	if c.Do == "set" {
		out[c.Key] = cell{c.Value, old.Size}
	} else {
		out[c.Key] = cell{c.Value, c.Size}
	}
	return out, 1
}

// listAll reads the rows of a tenant, and fails if there is one of another or one that
// nobody wrote.
func listAll(ctx context.Context, h tenantdb.ReadHandle[cells], tenant string) (state, error) {
	type row struct {
		key, value   int64
		tenant, text string
	}
	rows, err := query.Many(ctx, tenantdb.Bind(h), listCells, func(r *query.Row, out *row) {
		*out = row{r.Int(0), r.Int(1), r.Text(2), r.Text(3)}
	})
	if err != nil {
		return nil, err
	}
	s := state{}
	for _, r := range rows {
		if _, twice := s[r.key]; twice || r.tenant != tenant || r.text != textOf(r.key, len(r.text)) {
			return nil, fmt.Errorf("%w: %s reads %.80v", errWrongRow, tenant, r)
		}
		s[r.key] = cell{r.value, len(r.text)}
	}
	return s, nil
}
