package infer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

func TestParametersHaveTheTypesOfTheirPlaces(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		// Arithmetic, functions and lists between a parameter and its place.
		{"SELECT id FROM items LIMIT @n + 1", "INTEGER"},
		{"SELECT id FROM items LIMIT @a, @b", "INTEGER, INTEGER"},
		{"SELECT id FROM items WHERE id = @a + @b", "INTEGER, INTEGER"},
		{"SELECT id FROM items WHERE price > -@a", "REAL"},
		{"SELECT id FROM items WHERE name = @a || '%'", "TEXT"},
		{"SELECT id FROM items WHERE name LIKE '%' || @q || '%'", "TEXT"},
		{"SELECT id FROM items WHERE lower(name) = lower(@q)", "TEXT"},
		{"SELECT id FROM items WHERE name = coalesce(@x, name)", "TEXT?"},
		{"SELECT id FROM items WHERE id = coalesce(@a, @b)", "INTEGER?, INTEGER"},
		{"SELECT id FROM items WHERE (@x IS NULL OR name = @x)", "TEXT?"},
		{"SELECT id FROM items WHERE name = ifnull(nullif(@x, ''), name)", "TEXT"},
		{"UPDATE items SET note = nullif(@x, '')", "TEXT"},
		{"UPDATE items SET note = CASE WHEN @set THEN @note ELSE note END", "BOOLEAN, TEXT?"},
		{"UPDATE items SET price = iif(@a > 1, @b, @c)", "INTEGER, REAL?, REAL?"},
		{"SELECT id FROM items WHERE at > datetime('now', @modifier)", "TEXT"},
		{"SELECT id FROM items WHERE at > @a AND date(at) = date(@a)", "DATETIME"},
		{"SELECT id FROM items WHERE at > @a AND @a < datetime('now')", "DATETIME"},
		{"SELECT id FROM items WHERE unixepoch(at) > unixepoch(@t)", "TEXT"},
		{"SELECT json_extract(note, @path) FROM items", "TEXT"},
		{"SELECT id FROM items WHERE instr(name, @a) > @b AND substr(name, @c, @d) = @e", "TEXT, INTEGER, INTEGER, INTEGER, TEXT"},
		{"SELECT id FROM items ORDER BY CASE WHEN @sort = 'name' THEN name END", "TEXT"},
		{"SELECT item FROM orders GROUP BY item HAVING count(*) > @n", "INTEGER"},
		{"SELECT id FROM items WHERE (id, name) IN (VALUES (@a, @b))", "INTEGER, TEXT"},
		{"SELECT id FROM items WHERE (id, name) = (SELECT @a, @b)", "INTEGER, TEXT"},
		{"SELECT id FROM items WHERE id IN (SELECT value FROM json_each(@ids))", "TEXT"},
		{"SELECT id FROM items WHERE id IS NOT DISTINCT FROM @a", "INTEGER"},
		{"SELECT id FROM items WHERE note IS DISTINCT FROM @a", "TEXT?"},
		{"SELECT id FROM items WHERE name GLOB @a AND note LIKE @b ESCAPE @c", "TEXT, TEXT, TEXT"},
		{"SELECT sum(n) OVER (ORDER BY id ROWS BETWEEN @a PRECEDING AND @b FOLLOWING) FROM orders", "INTEGER, INTEGER"},
		{"SELECT id FROM items WHERE name = printf('%04d %*.*f%% %s %d', @a, @b, @c, @d, @e, @f)", "INTEGER, INTEGER, INTEGER, REAL, TEXT, INTEGER"},
		{"SELECT format('%s %d', @a, @b) FROM items WHERE id = @a AND name = @b", "INTEGER, TEXT"},
		{"SELECT format('%k %d', @a, @b, @c) FROM items WHERE id = @a AND id = @b AND id = @c", "INTEGER, INTEGER, INTEGER"},

		// Through queries.
		{"WITH p AS (SELECT @a AS x, @b AS y) SELECT id FROM items, p WHERE id = p.x AND name = y", "INTEGER, TEXT"},
		{"WITH b AS (SELECT * FROM c), c AS (SELECT id FROM items) SELECT id FROM b WHERE id = @a", "INTEGER"},
		{"WITH RECURSIVE c(i, t) AS (SELECT id, name FROM items WHERE id = @a UNION ALL SELECT i + 1, t || @b FROM c WHERE i < @c) SELECT * FROM c", "INTEGER, TEXT, INTEGER"},
		{"INSERT INTO orders (id, n) SELECT @a, @b UNION ALL SELECT @c, 1", "INTEGER, INTEGER?, INTEGER"},
		{"INSERT INTO orders (id, n) SELECT id, @a FROM items WHERE true ON CONFLICT (id) DO UPDATE SET n = n + @b ON CONFLICT DO NOTHING", "INTEGER?, INTEGER"},
		{"UPDATE items SET price = f.p + @a FROM (SELECT id AS i, n AS p FROM orders WHERE n > @b) AS f WHERE f.i = items.id AND f.p < @c", "REAL, INTEGER, INTEGER"},
		{"SELECT label FROM (SELECT name AS label FROM items) WHERE label = @a", "TEXT"},
		{"SELECT upper(name) AS label FROM items WHERE label = @a", "TEXT"},

		// Several places.
		{"SELECT @a FROM items WHERE id = @a OR @a > 5 OR id < @a + 1 OR lower(@a) = 'x'", "INTEGER"},
		{"SELECT id FROM items WHERE sold = @a OR id = @a", "INTEGER"},
		{"SELECT id FROM items WHERE price = @a OR id = @a", "REAL"},
		{"INSERT INTO items (id, price) VALUES (@a, @a)", "conflict"},
		{"UPDATE items SET name = @a WHERE id = @a", "conflict"},
		{"SELECT id FROM items WHERE name = @a AND at = @a", "conflict"},
		{"SELECT CAST(@a AS TEXT), @a IS NULL", "TEXT?"},

		// Places that say nothing.
		{"SELECT @a", "unknown"},
		{"SELECT id FROM items ORDER BY @a", "unknown"},
		{"SELECT @a IS NULL", "unknown?"},
		{"SELECT id FROM items WHERE @a = @b", "unknown, unknown"},
	} {
		result, err := statement(t, test.sql)
		if err != nil {
			t.Errorf("%s\nerror: %v", test.sql, err)
			continue
		}
		if got, _, _ := strings.Cut(describe(result), " -> "); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.sql, got, test.want)
		}
		for _, p := range result.Params {
			if (p.Type == infer.Unknown && p.Conflict == "") != (p.Why != "") {
				t.Errorf("%s: a parameter of type %s has the reason %q", test.sql, p.Type, p.Why)
			}
		}
	}
}

func TestParametersKnowTheColumnsTheyGoWith(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"SELECT id FROM items WHERE @a > price AND id IN (@a, 2) AND id = @a", "price id"},
		{"UPDATE items SET note = coalesce(@a, name)", "name note"},
		{"UPDATE items SET price = price + @a", ""},
		{"SELECT id FROM items WHERE name LIKE @a", ""},
		{"SELECT id FROM items WHERE id IN (sqlc.slice(a))", "id"},
		{"WITH x(y) AS (SELECT name FROM items) SELECT y FROM x WHERE y BETWEEN @a AND 'z'", "name"},
		{"SELECT id FROM items AS i WHERE EXISTS (SELECT 1 FROM orders WHERE item = @a OR i.id = @a)", "item id"},
		{"INSERT INTO orders SELECT @a, 1, 2", "id"},
		{"SELECT id FROM (SELECT id FROM items UNION SELECT n FROM orders) WHERE id = @a", ""},
		{"SELECT id FROM (SELECT id FROM items UNION SELECT id FROM items) WHERE id = @a", "id"},
	} {
		result, err := statement(t, test.sql)
		if err != nil {
			t.Errorf("%s\nerror: %v", test.sql, err)
			continue
		}
		var names []string
		for _, source := range result.Params[0].Columns {
			names = append(names, source.Column)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
		}
	}
}

func TestResultColumnsKnowWhereTheyAreReadFrom(t *testing.T) {
	result, err := statement(t, `WITH x AS (SELECT id AS a, upper(name) AS b FROM items)
		SELECT x.a AS c, b, o.n, (SELECT name FROM items) AS d FROM (SELECT * FROM x) AS x LEFT JOIN orders AS o`)
	if err != nil {
		t.Fatal(err)
	}
	var got []infer.Source
	for _, o := range result.Outputs {
		got = append(got, o.Source)
	}
	want := []infer.Source{
		{Table: "items", Column: "id", Declared: "INTEGER"},
		{},
		{Table: "orders", Column: "n", Declared: "INTEGER"},
		{Table: "items", Column: "name", Declared: "TEXT"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatOthersKnowOfParametersShowsInTheResult(t *testing.T) {
	queries, _ := sqltext.ParseFile("q.sql", "-- name: Q :one\nSELECT @a AS a, coalesce(@b, 1) AS b")
	q := queries[0]
	result, err := infer.Statement(q.Significant(), q.Params, shop, []infer.Parameter{{Type: infer.Time, Nullable: true}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(result), "DATETIME?, INTEGER? -> a DATETIME?, b INTEGER"; got != want {
		t.Errorf("got %s, not %s", got, want)
	}
}

func TestDeclaredTypesAreWhatSQLiteKeeps(t *testing.T) {
	for declared, want := range map[string]infer.Type{
		"INTEGER": infer.Integer, "unsigned big int": infer.Integer, "CHARINT": infer.Integer, "BIGSERIAL": infer.Integer,
		"varchar(255)": infer.Text, "DATE": infer.Text, "TIME": infer.Text, "BOOLTEXT": infer.Text,
		"DOUBLE PRECISION": infer.Real, "DECIMAL(10, 2)": infer.Real, "NUMERIC": infer.Real, "MONEY": infer.Real,
		"BLOB": infer.Blob, "VARBINARY(16)": infer.Blob, "bool": infer.Bool, "BOOLEAN": infer.Bool,
		"DATETIME": infer.Time, "TIMESTAMP WITH TIME ZONE": infer.Time, "JSON": infer.Json, "JSONB": infer.Json,
		"": infer.Unknown, "ANY": infer.Unknown, "UUID": infer.Unknown, "STRING": infer.Unknown, "INET": infer.Unknown,
	} {
		if got := infer.Declared(declared); got != want {
			t.Errorf("%q is %s, not %s", declared, got, want)
		}
		if why := infer.Reason("c", declared); (why == "") != (want != infer.Unknown) {
			t.Errorf("%q has the reason %q", declared, why)
		}
	}
}

func TestNestingCostsNoMoreThanItsLength(t *testing.T) {
	for name, nest := range map[string]func(string) string{
		"aggregates": func(q string) string { return "SELECT count(*), (" + q + ") AS x FROM items" },
		"commons":    func(q string) string { return "WITH c AS (" + q + ") SELECT * FROM c" },
		"recursion": func(q string) string {
			return "WITH RECURSIVE c(i) AS (" + q + " UNION ALL SELECT i + 1 FROM c) SELECT i FROM c"
		},
		"updates":       func(q string) string { return "SELECT id FROM items WHERE id = (" + q + ")" },
		"subqueries":    func(q string) string { return "SELECT * FROM (" + q + ")" },
		"parentheses":   func(q string) string { return strings.Replace(q, "FROM items", "FROM (items)", 1) },
		"outer columns": func(q string) string { return "SELECT (SELECT max(o.id)), (" + q + ") FROM items AS o" },
	} {
		q := "SELECT id FROM items"
		for range 30 {
			q = nest(q)
		}
		if _, err := statement(t, q); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestColumnsThatMultiplyAreRefused(t *testing.T) {
	q := "SELECT id FROM items"
	for range 40 {
		q = "SELECT *, * FROM (" + q + ")"
	}
	_, err := statement(t, "SELECT 1 FROM ("+q+")")
	var lost *infer.LostError
	if !errors.As(err, &lost) {
		t.Errorf("the error is %v", err)
	}
}
