package infer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// tables is a catalog. Each column is written "name TYPE", with "!" behind it when it
// is NOT NULL.
type tables map[string][]string

func (t tables) Table(table string) ([]infer.Column, bool) {
	table = strings.ToLower(table)
	declared, ok := t[table]
	var columns []infer.Column
	for _, column := range declared {
		name, declaration, _ := strings.Cut(column, " ")
		declaration, notNull := strings.CutSuffix(declaration, "!")
		columns = append(columns, infer.Column{
			Name:     name,
			Type:     infer.Declared(declaration),
			Nullable: !notNull,
			Source:   infer.Source{Table: table, Column: name, Declared: declaration},
			Why:      infer.Reason(name, declaration),
		})
	}
	return columns, ok
}

// Steady holds for all tables but one.
func (t tables) Steady(table string) bool { return table != "orders" }

func (t tables) Hidden(string) []infer.Column {
	return []infer.Column{{Name: "rowid", Type: infer.Integer}}
}

var shop = tables{
	"items":  {"id INTEGER!", "name TEXT!", "note TEXT", "price REAL", "sold BOOLEAN!", "at DATETIME!"},
	"orders": {"id INTEGER!", "item INTEGER!", "n INTEGER"},
}

// describe writes what is known as "parameters -> columns", ? behind what can be NULL.
func describe(r infer.Result) string {
	var params, outputs []string
	mark := func(nullable bool) string {
		if nullable {
			return "?"
		}
		return ""
	}
	for _, p := range r.Params {
		if p.Conflict != "" {
			params = append(params, "conflict")
			continue
		}
		params = append(params, p.Type.String()+mark(p.Nullable))
	}
	for _, o := range r.Outputs {
		outputs = append(outputs, fmt.Sprintf("%s %s%s", o.Name, o.Type, mark(o.Nullable)))
	}
	return strings.Join(params, ", ") + " -> " + strings.Join(outputs, ", ")
}

func statement(t *testing.T, sql string) (infer.Result, error) {
	t.Helper()
	queries, problems := sqltext.ParseFile("q.sql", "-- name: Q :many\n"+sql)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return infer.Statement(queries[0].Significant(), queries[0].Params, shop, nil)
}

func TestTypesFollowFromTheSchemaAndTheStatement(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		// What a parameter is compared with.
		{"SELECT id FROM items WHERE name = @a", "TEXT -> id INTEGER"},
		{"SELECT id FROM items WHERE @a < price", "REAL -> id INTEGER"},
		{"SELECT id FROM items WHERE at >= @a AND sold = @b", "DATETIME, BOOLEAN -> id INTEGER"},
		{"SELECT id FROM items AS i WHERE i.at BETWEEN @a AND @b", "DATETIME, DATETIME -> id INTEGER"},
		{"SELECT id FROM items WHERE id IN (@a, @b)", "INTEGER, INTEGER -> id INTEGER"},
		{"SELECT id FROM items WHERE @a IN (SELECT item FROM orders)", "INTEGER -> id INTEGER"},
		{"SELECT id FROM items WHERE (name, id) > (@a, @b)", "TEXT, INTEGER -> id INTEGER"},
		{"SELECT id FROM items WHERE length(name) > @a", "INTEGER -> id INTEGER"},
		{"SELECT id FROM items WHERE lower(name) = lower(@a)", "TEXT -> id INTEGER"},
		{"SELECT id FROM items WHERE price * 2 > @a", "REAL -> id INTEGER"},
		{"SELECT id FROM items WHERE note IS @a", "TEXT? -> id INTEGER"},
		{"SELECT id FROM items WHERE name IS NOT @a", "TEXT -> id INTEGER"},
		{"SELECT id FROM items WHERE sqlc.narg(a) IS NULL OR name = sqlc.narg(a)", "TEXT? -> id INTEGER"},
		{"SELECT id FROM items WHERE name LIKE @a ESCAPE @b", "TEXT, TEXT -> id INTEGER"},
		{"SELECT id FROM items WHERE name = @a OR id = @a", "conflict -> id INTEGER"},
		{"SELECT id FROM items WHERE CASE id WHEN @a THEN @b ELSE name END = 'x'", "INTEGER, TEXT -> id INTEGER"},
		{"SELECT id FROM items LIMIT @a OFFSET @b", "INTEGER, INTEGER -> id INTEGER"},
		{"SELECT item FROM orders GROUP BY item HAVING sum(n) > @a", "INTEGER -> item INTEGER"},
		{"SELECT id FROM items WHERE EXISTS (SELECT 1 FROM orders WHERE item = items.id AND n > @a)", "INTEGER -> id INTEGER"},
		{"SELECT id FROM items WHERE @a", "BOOLEAN -> id INTEGER"},
		{"SELECT id FROM items WHERE @a = 1 OR price = @a", "REAL -> id INTEGER"},
		{"SELECT id FROM items WHERE at < datetime('now', @a)", "TEXT -> id INTEGER"},
		{"SELECT id FROM items WHERE price > @a * 2", "REAL -> id INTEGER"},

		// Where a parameter is stored.
		{"INSERT INTO items (id, note, at) VALUES (@a, @b, @c)", "INTEGER, TEXT?, DATETIME -> "},
		{"INSERT INTO orders VALUES (@a, @b, @c), (1, @d, NULL)", "INTEGER, INTEGER, INTEGER?, INTEGER -> "},
		{"INSERT INTO orders (id, n) SELECT id, @a FROM items WHERE name = @b", "INTEGER?, TEXT -> "},
		{"INSERT INTO items (id) VALUES (@a) ON CONFLICT (id) DO UPDATE SET note = @b, price = excluded.price + @c", "INTEGER, TEXT?, REAL -> "},
		{"UPDATE items SET (name, note) = (@a, @b) WHERE id = @c", "TEXT, TEXT?, INTEGER -> "},
		{"UPDATE items SET note = coalesce(@a, note), sold = NOT @b", "TEXT?, BOOLEAN -> "},
		{"UPDATE items SET price = price + @a RETURNING id, price", "REAL -> id INTEGER, price REAL?"},
		{"DELETE FROM items WHERE at < @a RETURNING *", "DATETIME -> id INTEGER, name TEXT, note TEXT?, price REAL?, sold BOOLEAN, at DATETIME"},

		// What can be NULL.
		{"SELECT o.id, i.name FROM orders o LEFT JOIN items i ON i.id = o.item", " -> id INTEGER, name TEXT?"},
		{"SELECT o.id, i.name FROM orders o LEFT JOIN items i ON i.id = o.item WHERE i.id = 1", " -> id INTEGER, name TEXT"},
		{"SELECT o.id, i.name FROM orders o RIGHT JOIN items i ON i.id = o.item", " -> id INTEGER?, name TEXT"},
		{"SELECT o.id, i.name FROM orders o FULL JOIN items i ON i.id = o.item", " -> id INTEGER?, name TEXT?"},
		{"SELECT n FROM orders WHERE n > 1", " -> n INTEGER"},
		{"SELECT n FROM orders WHERE n > 1 OR id = 2", " -> n INTEGER?"},
		{"SELECT n FROM orders WHERE NOT n = 1", " -> n INTEGER"},
		{"SELECT n FROM orders WHERE n IS NOT NULL AND id = 1", " -> n INTEGER"},
		{"SELECT n FROM orders WHERE n NOT IN (1, 2)", " -> n INTEGER?"},
		{"SELECT n FROM orders WHERE coalesce(n, 0) = 0", " -> n INTEGER?"},
		{"SELECT max(id) AS m, id FROM orders", " -> m INTEGER?, id INTEGER?"},
		{"SELECT max(id) AS m, item FROM orders GROUP BY item", " -> m INTEGER, item INTEGER"},
		{"SELECT sum(n) AS s, sum(id) AS t FROM orders GROUP BY item", " -> s INTEGER?, t INTEGER"},
		{"SELECT sum(id) FILTER (WHERE n > 1) AS s FROM orders GROUP BY item", " -> s INTEGER?"},
		{"SELECT count(*), count(n), total(n) FROM orders", " -> count INTEGER, count INTEGER, total REAL"},
		{"SELECT coalesce(max(id), 0) AS m FROM orders", " -> m INTEGER"},
		{"SELECT id / 2 AS a, id % 0 AS b, id / n AS c FROM orders WHERE n > 0", " -> a INTEGER, b INTEGER?, c INTEGER?"},
		{"SELECT (SELECT name FROM items WHERE id = item) AS a, (SELECT count(*) FROM items) AS b FROM orders", " -> a TEXT?, b INTEGER"},
		{"WITH c AS (SELECT count(*) AS n FROM orders) SELECT (SELECT n > @a * 2 FROM c) AS more FROM items", "INTEGER -> more BOOLEAN"},
		{"SELECT (SELECT x.n FROM (SELECT count(*) AS n FROM orders) AS x) AS a, (SELECT max(n) FROM orders) AS b FROM items", " -> a INTEGER, b INTEGER?"},
		{"WITH c AS (SELECT count(*) AS n FROM orders) SELECT (SELECT n FROM c WHERE n > 1) AS a, (SELECT n FROM c LIMIT @n) AS b, (SELECT c.n FROM c, items) AS d", "INTEGER -> a INTEGER?, b INTEGER?, d INTEGER?"},
		{"WITH c AS (SELECT count(*) AS n FROM orders UNION SELECT 1), d AS (SELECT id AS n FROM orders) SELECT (SELECT n FROM c) AS a, (SELECT n FROM d) AS b", " -> a INTEGER?, b INTEGER?"},
		{"SELECT sum(id) OVER (ORDER BY id) AS a, sum(id) OVER (ROWS 1 PRECEDING) AS b, lag(id) OVER () AS c FROM orders", " -> a INTEGER, b INTEGER?, c INTEGER?"},
		{"SELECT id FROM items UNION SELECT n FROM orders", " -> id INTEGER?"},
		{"WITH x (a, b) AS (SELECT id, n FROM orders) SELECT b, a FROM x", " -> b INTEGER?, a INTEGER"},
		{"WITH RECURSIVE c AS (SELECT 1 AS i, 'x' AS t UNION ALL SELECT i + 1, NULL FROM c WHERE i < @a) SELECT * FROM c", "INTEGER -> i INTEGER, t TEXT?"},
		{"SELECT strftime('%Y', 'now') AS a, date(at) AS b, CURRENT_TIMESTAMP AS c FROM items", " -> a TEXT, b TEXT, c TEXT"},

		// What RETURNING gives.
		{"DELETE FROM items WHERE note = @a RETURNING note, price", "TEXT -> note TEXT, price REAL?"},
		{"DELETE FROM orders WHERE n = @a RETURNING n", "INTEGER -> n INTEGER?"},
		{"UPDATE items SET price = @a WHERE note > '' AND price > 1 RETURNING note, price", "REAL? -> note TEXT, price REAL?"},
		{"UPDATE items SET note = coalesce(@a, 'x'), price = 1, price = NULL RETURNING note, price", "TEXT? -> note TEXT, price REAL?"},
		{"UPDATE items SET (price, note) = (2, lower(name)) RETURNING items.*", " -> id INTEGER, name TEXT, note TEXT, price REAL, sold BOOLEAN, at DATETIME"},
		{"UPDATE items AS i SET name = 'x' FROM orders AS o WHERE o.item = i.price AND o.n = 1 RETURNING i.price", " -> price REAL"},
		{"UPDATE orders SET item = 1 WHERE n = 1 RETURNING n", " -> n INTEGER?"},
		{"INSERT INTO orders (id, n) VALUES (1, coalesce(@a, 0)), (2, 3) RETURNING n", "INTEGER? -> n INTEGER"},
		{"INSERT INTO orders (id, n) VALUES (1, 2), (2, @a) RETURNING n", "INTEGER? -> n INTEGER?"},
		{"INSERT INTO orders (n, item) SELECT id, 1 FROM items WHERE true ON CONFLICT DO NOTHING RETURNING n", " -> n INTEGER"},
		{"INSERT INTO orders (n) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = n + 1 RETURNING n", " -> n INTEGER?"},

		// What a type is.
		{"SELECT price > 1 AS a, name || note AS b, -price AS c, max(at) AS d FROM items GROUP BY id", " -> a BOOLEAN?, b TEXT?, c REAL?, d DATETIME"},
		{"SELECT avg(id) AS a, round(price) AS b, abs(id) AS c, sum(sold) AS d FROM items GROUP BY id", " -> a REAL, b REAL?, c INTEGER, d INTEGER"},
		{"SELECT coalesce(price, 0) AS a, coalesce(price, 0.0) AS b, iif(sold, 1, 2) AS c, iif(sold, 1, 'x') AS d FROM items", " -> a REAL, b REAL, c INTEGER, d unknown"},
		{"SELECT CAST(price AS INTEGER) AS a, CAST(name AS BLOB) AS b, CAST(note AS DATETIME) AS c FROM items", " -> a INTEGER?, b BLOB, c unknown?"},
		{"SELECT note ->> 'a' AS a, note -> 'a' AS b, json_extract(note, @p) AS c FROM items", "TEXT -> a unknown?, b TEXT?, c unknown?"},
		{"SELECT key, value, atom FROM json_each(@a)", "TEXT -> key unknown?, value unknown?, atom unknown?"},
		{"SELECT 9223372036854775807 + 1 AS a, 4611686018427387904 * -2 AS b, -9223372036854775807 - 2 AS c, 24 * 60 * 60 * 1000 AS d, 1 + -(3 - 2) AS e",
			" -> a REAL, b INTEGER, c REAL, d INTEGER, e INTEGER"},
		{"SELECT unixepoch(at) AS a, unixepoch('now', 'subsec') AS b, strftime('%Q', 'now') AS c, lag(name, 1, 0) OVER () AS d FROM items",
			" -> a INTEGER, b REAL, c TEXT?, d unknown"},
		{"SELECT value FROM generate_series(@a, 9)", "unknown -> value unknown?"},
		{"VALUES (1, 'x'), (2, NULL)", " -> column1 INTEGER, column2 TEXT?"},
	} {
		result, err := statement(t, test.sql)
		if err != nil {
			t.Errorf("%s\nerror: %v", test.sql, err)
			continue
		}
		if got := describe(result); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.sql, got, test.want)
		}
	}
}

func TestStarsStandForTheColumnsOfTheirTables(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"SELECT * FROM orders", "id, item, n"},
		{"SELECT * FROM orders AS o, orders AS p", "o.id, o.item, o.n, p.id, p.item, p.n"},
		{"SELECT o.* FROM orders AS o", "id, o.item, o.n"}, // behind "o."
		{"SELECT * FROM orders JOIN items USING (id)", "id, orders.item, orders.n, items.name, items.note, items.price, items.sold, items.at"},
		{"SELECT * FROM orders NATURAL JOIN orders AS p", "id, item, n"},
		{`SELECT * FROM (SELECT id AS "group", n AS "a b" FROM orders)`, `"group", "a b"`},
		{"SELECT sqlc.embed(orders) FROM orders", "orders.id, orders.item, orders.n"},
		{"DELETE FROM orders RETURNING *", "id, item, n"},
	} {
		result, err := statement(t, test.sql)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		var got []string
		for _, text := range result.Stars {
			got = append(got, text)
		}
		if diff := cmp.Diff([]string{test.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.sql, diff)
		}
	}
}

func TestQueriesThatAskTheConnectionAreFound(t *testing.T) {
	for sql, want := range map[string]bool{
		"SELECT changes()": true,
		"SELECT id FROM items WHERE id = LAST_INSERT_ROWID()": true,
		"SELECT (SELECT total_changes()) AS n":                true,
		"SELECT 'changes()' AS x, id AS changes FROM items":   false,
	} {
		result, err := statement(t, sql)
		if err != nil {
			t.Fatal(err)
		}
		if result.Session != want {
			t.Errorf("%s: Session is %t", sql, result.Session)
		}
	}
}

func TestWhatCannotBeFollowedIsSaidWithItsPlace(t *testing.T) {
	for _, sql := range []string{
		"SELECT id FROM items WHERE name = COLUMN ! 1",
		"SELECT",
		"UPDATE items SET",
		"SELECT * FROM nowhere",
		"SELECT * FROM (SELECT count(*) FROM items)",
	} {
		_, err := statement(t, strings.ReplaceAll(sql, "!", "|| ||"))
		var lost *infer.LostError
		if !errors.As(err, &lost) {
			t.Errorf("%s: the error is %v", sql, err)
			continue
		}
		if lost.Pos < len("-- name: Q :many\n") || lost.Reason == "" {
			t.Errorf("%s: reason %q at %d", sql, lost.Reason, lost.Pos)
		}
	}
}

func FuzzStatementAlwaysEnds(f *testing.F) {
	for _, seed := range []string{
		"SELECT a.*, count(*) FILTER (WHERE x > ?1) OVER (PARTITION BY y) FROM items a LEFT JOIN (SELECT 1) USING (id)",
		"WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c) INSERT INTO items SELECT * FROM c RETURNING *",
		"UPDATE items SET (name, note) = (?1, CASE WHEN sold THEN CAST(?2 AS TEXT) END) WHERE id IN (SELECT value FROM json_each(?3))",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		queries, _ := sqltext.ParseFile("q.sql", "-- name: Q :many\n"+sql)
		for _, q := range queries {
			result, err := infer.Statement(q.Significant(), q.Params, shop, nil)
			if err == nil && len(result.Params) != len(q.Params) {
				t.Errorf("%d parameters became %d", len(q.Params), len(result.Params))
			}
		}
	})
}
