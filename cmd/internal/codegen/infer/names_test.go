package infer_test

import (
	"strings"
	"testing"
)

func TestParametersWithoutANameAreCalledAfterTheirColumn(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"SELECT id FROM items WHERE name = ? AND ? < price", "name price"},
		{"SELECT id FROM items WHERE name LIKE ?", "name"},
		{"SELECT id FROM items WHERE name NOT LIKE '%' || ? || '%' ESCAPE ?", "name escape"},
		{"SELECT id FROM items WHERE ? LIKE name || '%' OR note GLOB ?", "name note"},
		{"UPDATE items SET price = price + ?, note = note || ? || ? WHERE id = ?", "price note note id"},
		{"SELECT id FROM items WHERE lower(name) = lower(?)", "name"},
		{"SELECT id FROM items WHERE substr(at, 1, 10) = ?", "at"},
		{"SELECT id FROM items WHERE date(at) BETWEEN date(?) AND date(?, '+1 day')", "from_at to_at"},
		{"SELECT id FROM items WHERE strftime('%Y', at) = strftime('%Y', ?)", "at"},
		{"SELECT id FROM orders WHERE coalesce(n, 0) = ? OR n % ? = 0 OR -n > -?", "n n n"},
		{"SELECT id FROM orders WHERE CAST(n AS TEXT) = CAST(? AS TEXT)", "n"},
		{"SELECT id FROM items WHERE coalesce(?, name) = name", "name"},
		{"SELECT upper(name) AS label FROM items WHERE label = ?", "label"},
		{"SELECT item FROM orders GROUP BY item HAVING sum(n) > ?", "n"},
		{"SELECT id FROM items WHERE note ->> 'a' IN (?, ?)", "note note"},
		{"SELECT id FROM items WHERE id IN (SELECT item + ? FROM orders) LIMIT ? OFFSET ?", "item limit offset"},
		{"INSERT INTO items (name, note) VALUES (trim(?), nullif(?, ''))", "name note"},
		{"INSERT INTO items (name) SELECT upper(?)", "name"},

		// What says only how a value is made is not called after it.
		{"SELECT id FROM items WHERE at < datetime('now', ?)", ""},
		{"SELECT id FROM items WHERE name = ? || substr(name, ?)", "name "},
		{"SELECT id FROM items WHERE CASE WHEN ? THEN name END = ?", " name"},
	} {
		result, err := statement(t, test.sql)
		if err != nil {
			t.Errorf("%s\nerror: %v", test.sql, err)
			continue
		}
		var names []string
		for _, p := range result.Params {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
		}
	}
}

func TestCoalesceIsCalledAfterItsFirstColumn(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT coalesce(note, name), IFNULL(n, 0), coalesce(@a, n) FROM items, orders": "INTEGER? -> note TEXT, n INTEGER, n INTEGER?",
		"SELECT coalesce(sum(n), 0), coalesce(note, 'x') AS label FROM items, orders":   " -> coalesce INTEGER, label TEXT",
	} {
		result, err := statement(t, sql)
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(result); !strings.HasSuffix(got, want) {
			t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
	}
}
