package advice_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

const (
	shared   = " would undo a transaction in which other callers' writes are too: write "
	released = "; if this migration is released, make the table or trigger anew in another"
	format   = " stores a shorter format than that of other times, so that the two do not compare as text and paging by the column goes wrong: write DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))"
)

func TestWhatFailsLaterInMigrationsIsTold(t *testing.T) {
	const old = "CREATE TABLE t (id INTEGER PRIMARY KEY);"
	for name, tt := range map[string]struct {
		ups  []string
		want string
	}{
		"ADD COLUMN NOT NULL": {[]string{old, "ALTER TABLE t ADD COLUMN a TEXT NOT NULL;"},
			"2.sql:2:26: ADD COLUMN a NOT NULL fails on tenants whose table t has rows: add a DEFAULT, or leave NOT NULL out"},
		"ADD NOT NULL DEFAULT NULL": {[]string{old, "alter table main.t add a text default null not null;"},
			"2.sql:2:24: ADD COLUMN a NOT NULL fails on tenants whose table t has rows: add a DEFAULT, or leave NOT NULL out"},
		"a computed default": {[]string{old, "ALTER TABLE t ADD COLUMN a DATETIME DEFAULT CURRENT_TIMESTAMP;\nALTER TABLE t ADD COLUMN b DEFAULT (random());"},
			"2.sql:2:26: ADD COLUMN a has a default that is computed, which fails on tenants whose table t has rows: write a constant default, and UPDATE the rows behind it\n" +
				"2.sql:3:26: ADD COLUMN b has a default that is computed, which fails on tenants whose table t has rows: write a constant default, and UPDATE the rows behind it"},
		"a nullable key": {[]string{"CREATE TABLE t (\n  k TEXT PRIMARY KEY, v TEXT\n);"},
			"1.sql:3:3: SQLite lets the key t.k be NULL, and no query can read such a row: write NOT NULL"},
		"a nullable key at the end": {[]string{"CREATE TABLE t (k TEXT NOT NULL, l INTEGER, PRIMARY KEY (k, l));"},
			"1.sql:2:61: SQLite lets the key t.l be NULL, and no query can read such a row: write NOT NULL"},
		"a nullable key with a name": {[]string{"CREATE TABLE t (k TEXT, CONSTRAINT pk PRIMARY KEY (k));"},
			"1.sql:2:52: SQLite lets the key t.k be NULL, and no query can read such a row: write NOT NULL"},
		"INT PRIMARY KEY": {[]string{"CREATE TABLE t (k INT PRIMARY KEY);"},
			"1.sql:2:17: SQLite lets the key t.k be NULL, for only INTEGER PRIMARY KEY is the row's number, and no query can read such a row: write INTEGER PRIMARY KEY, or NOT NULL"},
		"INTEGER PRIMARY KEY DESC": {[]string{"CREATE TABLE t (k INTEGER PRIMARY KEY DESC);"},
			"1.sql:2:17: SQLite lets the key t.k be NULL, for only INTEGER PRIMARY KEY is the row's number, and no query can read such a row: write INTEGER PRIMARY KEY, or NOT NULL"},
		"CURRENT_TIMESTAMP": {[]string{"CREATE TABLE t (a DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);"}, "1.sql:2:17: the default of t.a" + format},
		"datetime('now')":   {[]string{"CREATE TABLE t (a timestamp DEFAULT (datetime('now')));"}, "1.sql:2:17: the default of t.a" + format},
		"date('now')":       {[]string{"CREATE TABLE t (a DATETIME DEFAULT (date('now')));"}, "1.sql:2:17: the default of t.a" + format},
		"another strftime":  {[]string{"CREATE TABLE t (a DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%S', 'now')));"}, "1.sql:2:17: the default of t.a" + format},
		"two of a table": {[]string{"CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP, x TEXT, b DATETIME DEFAULT CURRENT_TIMESTAMP, c TIMESTAMP DEFAULT (date('now')));"},
			"1.sql:2:17: the defaults of t.a, b and c store a shorter format than that of other times, so that the two do not compare as text and paging by them goes wrong: write DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))"},
		"a literal": {[]string{"CREATE TABLE t (a DATETIME DEFAULT '2020-01-01');"}, "1.sql:2:17: the default of t.a" + format},
		"what is no time, which is an error when it is stored": {[]string{"CREATE TABLE t (a DATETIME DEFAULT 0, b DATETIME DEFAULT '', c DATETIME DEFAULT (strftime('%s', 'now')));"}, ""},
		"STRING":         {[]string{"CREATE TABLE t (a String(20));"}, "1.sql:2:17: STRING makes a number of a text that looks like one, so '007' is read as 7: declare t.a TEXT"},
		"after a rename": {[]string{"CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP);", "ALTER TABLE t RENAME TO u;\nALTER TABLE u RENAME COLUMN a TO b;"}, "1.sql:2:17: the default of u.b" + format},
		"a column added to a table of AS SELECT": {[]string{"CREATE TABLE t AS SELECT 1 AS a;", "ALTER TABLE t RENAME TO u;\nALTER TABLE u ADD COLUMN b STRING;"},
			"2.sql:3:26: STRING makes a number of a text that looks like one, so '007' is read as 7: declare u.b TEXT"},
		"a key of renamed columns": {[]string{"CREATE TABLE t (k TEXT, l TEXT NOT NULL, PRIMARY KEY (l, k));", "ALTER TABLE t RENAME COLUMN k TO m;"},
			"1.sql:2:58: SQLite lets the key t.m be NULL, and no query can read such a row: write NOT NULL"},
		"a trigger on a renamed table": {[]string{old, "-- +goose StatementBegin\nCREATE TRIGGER IF NOT EXISTS g BEFORE DELETE ON t BEGIN\n  SELECT RAISE(ROLLBACK, 'no');\nEND;\n-- +goose StatementEnd\nALTER TABLE t RENAME TO u;"},
			"2.sql:4:10: refused: RAISE(ROLLBACK, …)" + shared + "RAISE(ABORT, …)" + released},
		"a table made anew with IF NOT EXISTS": {[]string{"CREATE TABLE t (a TEXT);\nDROP TABLE t;", "CREATE TABLE IF NOT EXISTS t (a STRING);"},
			"2.sql:2:31: STRING makes a number of a text that looks like one, so '007' is read as 7: declare t.a TEXT"},
		"OR ROLLBACK":                 {[]string{old, "INSERT OR ROLLBACK INTO t VALUES (1);"}, "2.sql:2:1: refused: INSERT OR ROLLBACK" + shared + "INSERT OR ABORT"},
		"OR ROLLBACK of what is gone": {[]string{old + "\nUPDATE OR ROLLBACK t SET id = 2;", "DROP TABLE t;"}, "1.sql:3:1: refused: UPDATE OR ROLLBACK" + shared + "UPDATE OR ABORT"},
		"ON CONFLICT of a column":     {[]string{"CREATE TABLE t (a TEXT UNIQUE ON CONFLICT ROLLBACK);"}, "1.sql:2:31: refused: ON CONFLICT ROLLBACK" + shared + "ON CONFLICT ABORT" + released},
		"ON CONFLICT of a table":      {[]string{"CREATE TABLE t (a TEXT, UNIQUE (a) on conflict rollback);"}, "1.sql:2:36: refused: ON CONFLICT ROLLBACK" + shared + "ON CONFLICT ABORT" + released},
		"RAISE": {[]string{old, "-- +goose StatementBegin\nCREATE TRIGGER g BEFORE DELETE ON t BEGIN\n  SELECT raise ( rollback , 'no');\nEND;\n-- +goose StatementEnd"},
			"2.sql:4:10: refused: RAISE(ROLLBACK, …)" + shared + "RAISE(ABORT, …)" + released},
		"OR ROLLBACK in a trigger": {[]string{old, "-- +goose StatementBegin\nCREATE TRIGGER g BEFORE DELETE ON t BEGIN\n  INSERT OR ROLLBACK INTO t VALUES (2);\nEND;\n-- +goose StatementEnd"},
			"2.sql:4:3: refused: INSERT OR ROLLBACK" + shared + "INSERT OR ABORT" + released},
		"a mark of nothing":     {[]string{"-- silo: small\n\n" + old}, "1.sql:2:1: this mark belongs to no table: write it on the line above CREATE TABLE"},
		"a mark behind a table": {[]string{old + " -- silo: small\nCREATE TABLE u (a);"}, "1.sql:2:42: this mark belongs to no table: write it on the line above CREATE TABLE"},
		"a mark of an index":    {[]string{old + "\n-- silo: small\nCREATE INDEX i ON t (id);"}, "1.sql:3:1: this mark belongs to no table: write it on the line above CREATE TABLE"},
		"an unknown mark":       {[]string{"-- silo: smal\n" + old}, "1.sql:2:1: there is no mark \"-- silo: smal\": there are `-- silo: small` and `-- silo: compatible-with N`"},
	} {
		t.Run(name, func(t *testing.T) {
			migrations := files(tt.ups...)
			if diff := cmp.Diff(tt.want, say(allFindings(schemaOf(t, migrations)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimesOfAnotherFormatAreFineAmongThemselves(t *testing.T) {
	schema := schemaOf(t, files("CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP, b DATETIME DEFAULT CURRENT_TIMESTAMP);"))
	got := say(schema.Times(func(table, column string) bool { return table == "t" && column == "b" }))
	if want := "1.sql:2:55: the default of t.b" + format; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatIsRightOrGoneInMigrationsIsNotTold(t *testing.T) {
	const old = "CREATE TABLE t (id INTEGER PRIMARY KEY);"
	const wrong = "CREATE TABLE w (k TEXT PRIMARY KEY ON CONFLICT ROLLBACK, a STRING, d DATETIME DEFAULT CURRENT_TIMESTAMP);"
	for name, ups := range map[string][]string{
		"ADD COLUMN with a default":        {old, "ALTER TABLE t ADD COLUMN a TEXT NOT NULL DEFAULT '';\nALTER TABLE t ADD COLUMN b REAL NOT NULL DEFAULT -1.5;\nALTER TABLE t ADD COLUMN c;"},
		"ADD COLUMN to a table just made":  {old + "\nALTER TABLE t ADD COLUMN a TEXT NOT NULL;"},
		"a generated column":               {old, "ALTER TABLE t ADD COLUMN a INTEGER NOT NULL AS (id + 1);"},
		"a column dropped again":           {old, "ALTER TABLE t ADD COLUMN a TEXT NOT NULL;", "ALTER TABLE t DROP COLUMN a;"},
		"NOT NULL in a CHECK":              {old, "ALTER TABLE t ADD COLUMN a TEXT CHECK (a IS NOT NULL OR id > 0);"},
		"SET DEFAULT":                      {"CREATE TABLE t (id INTEGER PRIMARY KEY, p DATETIME REFERENCES t (id) ON DELETE SET DEFAULT ON UPDATE CASCADE);"},
		"a row's number":                   {old + "\nCREATE TABLE u (id integer, PRIMARY KEY (id DESC));\nCREATE TABLE v (k INTEGER PRIMARY KEY AUTOINCREMENT);"},
		"keys that are NOT NULL":           {"CREATE TABLE u (k TEXT NOT NULL PRIMARY KEY);\nCREATE TABLE v (k TEXT PRIMARY KEY) WITHOUT ROWID;\nCREATE TABLE x (k TEXT PRIMARY KEY) STRICT;\nCREATE TABLE y (k INT NOT NULL, l TEXT NOT NULL, PRIMARY KEY (k, l));"},
		"UNIQUE may be NULL":               {"CREATE TABLE u (k TEXT UNIQUE);"},
		"times as they are here":           {"CREATE TABLE u (a DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')), b TIMESTAMP DEFAULT (datetime('now', 'subsec')), c DATETIME DEFAULT '2020-01-01 00:00:00.000', d DATETIME DEFAULT NULL, e DATETIME);"},
		"other columns with times":         {"CREATE TABLE u (a TEXT DEFAULT CURRENT_TIMESTAMP, b DATE DEFAULT CURRENT_DATE, c INTEGER DEFAULT (unixepoch()));"},
		"defaults that the types read":     {"CREATE TABLE u (a BOOLEAN DEFAULT TRUE, b BOOLEAN DEFAULT '1', c INTEGER DEFAULT '-7', d INTEGER DEFAULT 0xff, e REAL DEFAULT 1, f NUMERIC DEFAULT ('1.5'), g TEXT DEFAULT 5, h BLOB DEFAULT x'', i JSON DEFAULT '{}', j BOOLEAN DEFAULT NULL, k INTEGER DEFAULT 2.0, l INTEGER DEFAULT +1, m BOOLEAN DEFAULT (1 = 1), n ANY DEFAULT 'x');"},
		"a column named string":            {"CREATE TABLE u (string TEXT, \"a string\" TEXT);"},
		"all wrong, and dropped":           {wrong, "DROP TABLE w;"},
		"all wrong, and rebuilt":           {wrong, "CREATE TABLE n (k TEXT NOT NULL PRIMARY KEY, a TEXT, d DATETIME);\nINSERT INTO n SELECT * FROM w;\nDROP TABLE w;\nALTER TABLE n RENAME TO w;"},
		"a trigger that is gone":           {old, "-- +goose StatementBegin\nCREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END;\n-- +goose StatementEnd\nDROP TRIGGER g;"},
		"a trigger gone with its table":    {old, "-- +goose StatementBegin\nCREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END;\n-- +goose StatementEnd\nDROP TABLE t;"},
		"other ways to fail":               {"CREATE TABLE t (a TEXT UNIQUE ON CONFLICT ABORT);\nINSERT OR ABORT INTO t VALUES ('x');\n-- +goose StatementBegin\nCREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;\n-- +goose StatementEnd"},
		"texts, comments and names":        {"CREATE TABLE t (\"OR\" TEXT DEFAULT 'INSERT OR ROLLBACK', rollback INTEGER); -- ON CONFLICT ROLLBACK\nINSERT INTO t SELECT 'RAISE(ROLLBACK', 1 /* INSERT OR ROLLBACK */ WHERE 1 OR 2;\nUPDATE t SET rollback = 1 WHERE rollback OR rollback;"},
		"what only a Down does":            {old + "\n-- +goose Down\nINSERT OR ROLLBACK INTO t VALUES (1);\n" + wrong},
		"a unique index on what was there": {old, "CREATE UNIQUE INDEX t_id ON t (id);"},
		"marks in their places":            {"-- Settings.\n-- silo: small\n" + old + "\nCREATE TABLE u ( -- silo: small\n  a TEXT\n);", "-- silo: compatible-with 1\nSELECT 1;"},
		"IF NOT EXISTS":                    {old + "\nCREATE TABLE IF NOT EXISTS t (k STRING PRIMARY KEY);"},
		"no columns":                       {old + "\nCREATE TABLE u AS SELECT * FROM t;\nCREATE VIRTUAL TABLE f USING fts5(string);\nCREATE TEMP TABLE x (a);"},
	} {
		migrations := files(ups...)
		if got := say(allFindings(schemaOf(t, migrations))); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestPlainSchemasAreReadToo(t *testing.T) {
	const want = "schema.sql:1:17: SQLite lets the key t.k be NULL, and no query can read such a row: write NOT NULL"
	if got := say(advice.Read(
		[]advice.File{{Path: "schema.sql", Text: "CREATE TABLE t (k TEXT PRIMARY KEY);\n"}},
		[]sqlcheck.Object{{Kind: sqlcheck.Table, Name: "t", Table: "t", SQL: "CREATE TABLE t (k TEXT PRIMARY KEY)"}},
	).Findings()); got != want {
		t.Error(got)
	}
}

func TestAMarkOutlivesARebuild(t *testing.T) {
	rebuilt := []string{"-- silo: small\nCREATE TABLE t (a TEXT);", "CREATE TABLE n (a TEXT);\nDROP TABLE t;\nALTER TABLE n RENAME TO t;", "CREATE TABLE u (a TEXT);"}
	s := schemaOf(t, files(rebuilt...))
	if !s.Small("T") || s.Small("u") || s.Small("n") {
		t.Errorf("t %t, u %t, n %t", s.Small("T"), s.Small("u"), s.Small("n"))
	}
	renamed := schemaOf(t, files("CREATE TABLE n ( -- silo: small\n a TEXT);", "ALTER TABLE n RENAME TO t;"))
	if !renamed.Small("t") {
		t.Error("the mark is lost with the name")
	}
}

func TestFilesThatLookLikeMigrationsAreTold(t *testing.T) {
	const sql = "this looks like a migration and is none, for its name does not end with .sql: rename it, or move it elsewhere"
	const gone = "goose would run this as a migration and silo does not, for migrations are part of one transaction of SQL: write it in SQL, or give the file a name that does not begin with a number"
	got := say(advice.Folder([]string{"s/00001_a.sql", "s/00002_b.go", "s/schema.go", "s/00002_b_test.go", "s/00003_c.SQL", "s/00004_d.sql.bak", "s/README.md", "s/00005_e.md"}))
	want := "s/00002_b.go:1:1: " + gone + "\ns/00003_c.SQL:1:1: " + sql + "\ns/00004_d.sql.bak:1:1: " + sql
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzReadingNeverPanics(f *testing.F) {
	for _, seed := range []string{
		tables[0], "CREATE TABLE t (", "CREATE TABLE", "ALTER TABLE t ADD", "CREATE TABLE t (a PRIMARY KEY ON CONFLICT); ALTER TABLE t RENAME a TO",
		"CREATE INDEX i ON t (", "CREATE TRIGGER t", "CREATE TABLE t (,)", "DROP", "CREATE TABLE t (a DEFAULT", "CREATE TABLE t (a DEFAULT -", "SELECT (((", "-- silo:", "CREATE TABLE t (PRIMARY KEY ())",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, migration := range []string{text, "CREATE TABLE t (a, b);\n" + text} {
			for _, finding := range advice.Read([]advice.File{{Path: "x.sql", Text: migration}}, objects(text)).Findings() {
				if finding.Line < 1 || finding.Column < 1 {
					t.Errorf("outside the file: %+v", finding)
				}
			}
		}
		if queries, problems := parse("-- name: Q :many\n" + text); problems == 0 {
			s := advice.Read([]advice.File{{Path: "x.sql", Text: tables[0]}}, objects(text))
			for i := range queries {
				s.Queries([]advice.Planned{{Query: &queries[i], Steps: steps}})
			}
		}
	})
}

// objects are one of each kind with a text.
func objects(text string) []sqlcheck.Object {
	var all []sqlcheck.Object
	for _, kind := range []sqlcheck.Kind{sqlcheck.Table, sqlcheck.Index, sqlcheck.View, sqlcheck.Trigger, sqlcheck.Virtual} {
		all = append(all, sqlcheck.Object{Kind: kind, Name: "t", Table: "t", SQL: text})
	}
	return all
}
