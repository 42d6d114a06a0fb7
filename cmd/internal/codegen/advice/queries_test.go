package advice_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
)

var tables = []string{`CREATE TABLE big (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER, flag BOOLEAN NOT NULL DEFAULT FALSE);
CREATE INDEX big_flagged ON big (c) WHERE flag;
CREATE TABLE child (id INTEGER PRIMARY KEY, big_id INTEGER NOT NULL REFERENCES big (id), d TEXT, e TEXT);
CREATE INDEX child_by_big ON child (big_id);
-- Settings.
-- silo: small
CREATE TABLE tiny (k TEXT NOT NULL PRIMARY KEY, v TEXT);
CREATE TABLE few ( -- silo: small
  v TEXT
);
CREATE TABLE "Odd name" ("Col 1" TEXT, "order" TEXT);
CREATE VIEW seen AS SELECT a, b FROM big AS behind;
CREATE VIRTUAL TABLE found USING fts5(body);`}

const (
	stays = "write `-- silo: small` above its CREATE TABLE if it stays small, or `-- @scan ok` above the query if that is meant"
	plain = "no index serves its conditions as they are written, so compare a column itself with =, IN or a range, or "
)

// told returns what is said of queries.
func told(t *testing.T, migrations []advice.File, queries string) string {
	t.Helper()
	db := migrate(t, asFS(migrations))
	return say(schemaOf(t, migrations).Queries(plan(t, db, "q.sql", queries)))
}

var create = regexp.MustCompile(`: (CREATE INDEX .*?\)), or `)

func TestPlansThatGoThroughATableAreTold(t *testing.T) {
	for name, tt := range map[string]struct{ sql, want string }{
		"equality":                               {"SELECT * FROM big WHERE a = @a", "15: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"two and an order":                       {"SELECT * FROM big WHERE b IS @b AND @a = big.a ORDER BY c DESC", "15: reads every row of big to find some: CREATE INDEX big_by_b_a_c ON big (b, a, c), or "},
		"orders that differ":                     {"SELECT * FROM big WHERE a = @a ORDER BY b, c DESC", "15: reads every row of big to find some: CREATE INDEX big_by_a_b_c ON big (a, b, c DESC), or "},
		"an order that ends in the row's number": {"SELECT * FROM big WHERE a = @a ORDER BY id DESC", "15: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"one backwards with the row's number":    {"SELECT * FROM big WHERE a = @a ORDER BY b DESC, id DESC", "15: reads every row of big to find some: CREATE INDEX big_by_a_b ON big (a, b), or "},
		"one against the row's number":           {"SELECT * FROM big WHERE a = @a ORDER BY b, id DESC", "15: reads every row of big to find some: CREATE INDEX big_by_a_b_id ON big (a, b, id DESC), or "},
		"a range":                                {"SELECT * FROM big WHERE c BETWEEN @x AND @y AND b = @b ORDER BY a", "15: reads every row of big to find some: CREATE INDEX big_by_b_c ON big (b, c), or "},
		"a list":                                 {"SELECT * FROM big AS x WHERE (x.a IN (sqlc.slice(l)) AND x.b = @b) ORDER BY x.c", "15: reads every row of big to find some: CREATE INDEX big_by_b_a ON big (b, a), or "},
		"NULL":                                   {"SELECT * FROM big WHERE a IS NULL", "15: reads every row of big to find some: "},
		"a constant":                             {"SELECT * FROM big WHERE b = 'open' AND c > 0 ORDER BY a", "15: reads every row of big to find some: "},
		"a flag":                                 {"SELECT * FROM big WHERE flag = @flag AND NOT flag", "15: reads every row of big to find some: "},
		"a soft deletion beside an equality":     {"SELECT * FROM big AS x WHERE x.b IS NULL AND NOT x.flag AND x.a = @a ORDER BY c", "15: reads every row of big to find some: CREATE INDEX big_by_a_c ON big (a, c), or "},
		"UPDATE":                                 {"UPDATE big SET a = @x WHERE b = @b", "8: reads every row of big to find some: CREATE INDEX big_by_b ON big (b), or "},
		"UPDATE OR":                              {"UPDATE OR IGNORE big SET a = @x WHERE b = @b", "18: reads every row of big to find some: CREATE INDEX big_by_b ON big (b), or "},
		"DELETE":                                 {"DELETE FROM big WHERE b = @b", "13: reads every row of big to find some: CREATE INDEX big_by_b ON big (b), or "},
		"INSERT SELECT":                          {"INSERT INTO tiny (k, v) SELECT a, b FROM big WHERE b = @b", "42: reads every row of big to find some: CREATE INDEX big_by_b ON big (b), or "},
		"OR":                                     {"SELECT * FROM big WHERE a = @a OR b = @b", "15: reads every row of big to find some: " + plain},
		"an expression":                          {"SELECT * FROM big WHERE lower(a) = @a", "15: reads every row of big to find some: " + plain},
		"a collation":                            {"SELECT * FROM big WHERE a = @a COLLATE NOCASE", "15: reads every row of big to find some: " + plain},
		"IS DISTINCT FROM":                       {"SELECT * FROM big WHERE a IS DISTINCT FROM @a", "15: reads every row of big to find some: " + plain},
		"LIMIT of a search":                      {"SELECT * FROM big WHERE a = @a LIMIT 1", "15: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"a join, outside":                        {"SELECT * FROM big JOIN child ON child.big_id = big.id WHERE big.a = @a", "15: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"a join, inside":                         {"SELECT * FROM tiny JOIN child ON child.d = tiny.v", "25: reads every row of child into an index that is built for each run: CREATE INDEX child_by_d ON child (d), or "},
		"a subquery":                             {"SELECT k FROM tiny WHERE v IN (SELECT b FROM big WHERE a = @a)", "46: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"a CTE":                                  {"WITH x AS (SELECT b FROM big WHERE a = @a) SELECT * FROM x", "26: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"one of a UNION":                         {"SELECT v FROM tiny UNION ALL SELECT b FROM big WHERE a = @a", "44: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"a view":                                 {"SELECT * FROM seen AS s WHERE s.a = @a", "15: reads every row of big to find some: CREATE INDEX big_by_a ON big (a), or "},
		"quoted names":                           {`SELECT * FROM "Odd name" WHERE "Col 1" = @a AND [order] = @b`, `15: reads every row of odd name to find some: CREATE INDEX "odd name_by_col 1_order" ON "odd name" ("col 1", "order"), or `},
		"a whole table":                          {"SELECT * FROM big", "15: reads every row of big: add LIMIT, or "},
		"sorted":                                 {"SELECT * FROM big ORDER BY a, b", "15: reads and sorts every row of big: CREATE INDEX big_by_a_b ON big (a, b), or "},
		"DISTINCT":                               {"SELECT DISTINCT a FROM big", "24: reads and sorts every row of big: CREATE INDEX big_by_a ON big (a), or "},
		"GROUP BY":                               {"SELECT a, count(*) FROM big GROUP BY a", "25: reads and sorts every row of big: CREATE INDEX big_by_a ON big (a), or "},
		"LIMIT of a sort":                        {"SELECT * FROM big ORDER BY a LIMIT 10", "15: reads and sorts every row of big: CREATE INDEX big_by_a ON big (a), or "},
		"a sort of some":                         {"SELECT * FROM child WHERE big_id = @id ORDER BY d, e", "15: sorts what it finds in child at each run: CREATE INDEX child_by_big_id_d_e ON child (big_id, d, e), or "},
		"groups of some":                         {"SELECT d, count(*) FROM child WHERE big_id = @id GROUP BY d", "25: sorts what it finds in child at each run: CREATE INDEX child_by_big_id_d ON child (big_id, d), or "},
	} {
		t.Run(name, func(t *testing.T) {
			queries := "-- name: Q :many\n" + tt.sql + ";\n"
			got := told(t, files(tables...), queries)
			column, message, _ := strings.Cut(tt.want, ": ")
			want := "q.sql:2:" + column + ": query Q: " + message + stays
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
			// The index that is named helps.
			if made := create.FindStringSubmatch(got); made != nil {
				if still := told(t, files(tables[0], made[1]+";"), queries); strings.Contains(still, "CREATE INDEX") || strings.Contains(still, "to find some") {
					t.Errorf("%s does not help: %s", made[1], still)
				}
			}
		})
	}
}

func TestPlansThatAreAsGoodAsCanBeAreNotTold(t *testing.T) {
	for name, sql := range map[string]string{
		"by the key":              "SELECT * FROM big WHERE id = @id",
		"a marked table":          "SELECT * FROM tiny WHERE v = @v ORDER BY v",
		"marked inside":           "SELECT DISTINCT v FROM few ORDER BY v",
		"LIMIT":                   "SELECT * FROM big LIMIT 10",
		"LIMIT in an index":       "SELECT * FROM big ORDER BY id DESC LIMIT 10",
		"EXISTS":                  "SELECT EXISTS (SELECT 1 FROM big)",
		"no table":                "SELECT 1 UNION ALL VALUES (2), (3)",
		"a function":              "SELECT value FROM json_each(@list) WHERE value > 1 ORDER BY value",
		"full text":               "SELECT body FROM found WHERE found MATCH @q ORDER BY rank",
		"a virtual table's rows":  "SELECT body FROM found",
		"a subquery's rows":       "SELECT d FROM (SELECT d, count(*) AS n FROM child WHERE big_id = @id GROUP BY big_id) WHERE n > 1",
		"a CTE's rows":            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n WHERE i > 3 ORDER BY i DESC",
		"a CTE named as a table":  "WITH big AS (SELECT d FROM child WHERE big_id = @id LIMIT 3) SELECT d FROM big WHERE d > 'x'",
		"a partial index":         "SELECT c FROM big WHERE flag",
		"a sort by an expression": "SELECT * FROM child WHERE big_id = @id ORDER BY lower(d)",
		"a sort by two tables":    "SELECT * FROM child JOIN big ON big.id = child.big_id WHERE child.big_id = @id ORDER BY child.d, big.a",
		"a sort by an alias":      "SELECT count(*) AS n FROM child WHERE big_id = @id GROUP BY big_id ORDER BY n",
		"a sort after a range":    "SELECT * FROM child WHERE big_id > @id ORDER BY d",
		"a sort after a list":     "SELECT * FROM child WHERE big_id IN (sqlc.slice(ids)) ORDER BY d",
		"INSERT":                  "INSERT INTO big (a) VALUES (@a) RETURNING id",
		"upsert":                  "INSERT INTO tiny (k, v) VALUES (@k, @v) ON CONFLICT (k) DO UPDATE SET v = excluded.v WHERE tiny.v <> excluded.v",
		"@scan ok":                "-- @scan ok\nSELECT * FROM big WHERE a = @a ORDER BY b",
		"names within texts":      "SELECT 'FROM big INSERT OR ROLLBACK' AS x /* FROM big */",
		"OR and a column":         "SELECT * FROM big WHERE id = @id AND (flag OR a = 'rollback')",
	} {
		if got := told(t, files(tables...), "-- name: Q :many\n"+sql+";\n"); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAWholeTableIsToldOnce(t *testing.T) {
	const a, b, c = "-- name: A :many\nSELECT * FROM big;\n", "-- name: B :one\nSELECT count(*) FROM big;\n", "-- name: C :exec\nDELETE FROM big;\n"
	for text, want := range map[string]string{
		a:     "q.sql:2:15: query A: reads every row of big: add LIMIT, or " + stays,
		a + b: "q.sql:2:15: query A: reads every row of big, and so does query B: add LIMIT, or " + stays,
		a + b + "-- name: D :many\nSELECT a FROM big ORDER BY a;\n": "q.sql:2:15: query A: reads every row of big, and so do queries B and D: add LIMIT, or " + stays,
		"-- @scan ok\n" + a + b: "q.sql:5:22: query B: reads every row of big: " + stays,
	} {
		if diff := cmp.Diff(want, told(t, files(tables...), text)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestQueriesThatRollBackAreRefused(t *testing.T) {
	for sql, want := range map[string]string{
		"INSERT OR ROLLBACK INTO tiny (k) VALUES (@k)":      "q.sql:2:1: refused: query Q: INSERT OR ROLLBACK would undo a transaction in which other callers' writes are too: write INSERT OR ABORT",
		"update or rollback tiny set v = @v where k = 'ü'":  "q.sql:2:1: refused: query Q: update OR ROLLBACK would undo a transaction in which other callers' writes are too: write update OR ABORT",
		"INSERT OR ABORT INTO tiny (k) VALUES ('ROLLBACK')": "",
		"INSERT OR REPLACE INTO tiny (k) VALUES (@k)":       "",
	} {
		if diff := cmp.Diff(want, told(t, files(tables...), "-- name: Q :exec\n"+sql+";\n")); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAnUnknownScanCommentIsTold(t *testing.T) {
	const want = "q.sql:2:1: query Q: there is no @scan okay: write -- @scan ok"
	if got := told(t, files(tables...), "-- name: Q :one\n-- @scan okay\nSELECT v FROM tiny WHERE k = @k;\n"); got != want {
		t.Error(got)
	}
}

func TestPlansOfWhatMigrationsRenamedAreTold(t *testing.T) {
	const start = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);\nCREATE INDEX t_by_b ON t (b) WHERE b <> '';\nCREATE VIEW v AS SELECT a, b FROM t;\n"
	for name, tt := range map[string]struct{ migration, query, want string }{
		"a table":           {start + "ALTER TABLE t RENAME TO u;", "SELECT id FROM u WHERE a = @a", "16: reads every row of u to find some: CREATE INDEX u_by_a ON u (a), or "},
		"a table of a view": {start + "ALTER TABLE t RENAME TO u;", "SELECT b FROM v WHERE a = @a", "15: reads every row of u to find some: CREATE INDEX u_by_a ON u (a), or "},
		"a column":          {start + "ALTER TABLE t RENAME a TO c;", "SELECT id FROM t WHERE c = @c", "16: reads every row of t to find some: CREATE INDEX t_by_c ON t (c), or "},
		"a quoted name":     {start + "ALTER TABLE t RENAME TO \"order\";", "SELECT id FROM \"order\" WHERE a = @a", "16: reads every row of order to find some: CREATE INDEX order_by_a ON \"order\" (a), or "},
		"AS SELECT":         {start + "CREATE TABLE u AS SELECT a, b AS c FROM t;", "SELECT a FROM u WHERE c = @c", "15: reads every row of u to find some: CREATE INDEX u_by_c ON u (c), or "},
		"a rebuilt table":   {start + "DROP VIEW v;\nCREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);\nDROP TABLE t;\nALTER TABLE n RENAME TO t;", "SELECT id FROM t WHERE a = @a", "16: reads every row of t to find some: CREATE INDEX t_by_a ON t (a), or "},
	} {
		got := told(t, files(tt.migration), "-- name: Q :many\n"+tt.query+";\n")
		if want := "q.sql:2:" + strings.Replace(tt.want, ": ", ": query Q: ", 1) + stays; got != want {
			t.Errorf("%s: got %s\nwant %s", name, got, want)
		}
	}
}
