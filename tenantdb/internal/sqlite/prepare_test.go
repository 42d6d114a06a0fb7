package sqlite_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func TestTextThatIsNotOneStatementIsRefused(t *testing.T) {
	const several, none = "there is more than one statement in the text", "there is no statement in the text"
	c := memory(t, sqlite.Queries)
	for name, tt := range map[string]struct {
		sql, message string
		offset       int
	}{
		"NUL inside":           {"SELECT 1\x00", "the statement holds a NUL byte", 8},
		"NUL first":            {"\x00SELECT 1", "the statement holds a NUL byte", 0},
		"empty":                {"", none, -1},
		"white space":          {" \t\r\n ", none, -1},
		"semicolon":            {";", none, -1},
		"comment":              {"-- nothing", none, -1},
		"block comment":        {"/* nothing */ ;", none, -1},
		"two":                  {"SELECT 1; SELECT 2", several, 9},
		"two behind comments":  {"SELECT 1; -- one\n /* two */ SELECT 2", several, 9},
		"two behind semicolon": {"SELECT 1;; ;SELECT 2", several, 9},
		"rubbish behind":       {"SELECT 1; rubbish", several, 9},
		"refused behind":       {"SELECT 1; ATTACH 'x' AS y", several, 9},
		"unfinished":           {"SELECT 1 FROM", "incomplete input", -1},
		"unknown column":       {"SELECT 'é', nope", `no such column: nope`, 13},
		"syntax":               {"SELEC 1", `near "SELEC": syntax error`, 0},
		"double quotes":        {`SELECT "text"`, `no such column: "text" - should this be a string literal in single-quotes?`, 7},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := c.Prepare(tt.sql, 0)
			if err == nil {
				s.Close()
				t.Fatal("was prepared")
			}
			var of *sqlite.Error
			if !errors.As(err, &of) || of.Message != tt.message || of.Offset != tt.offset || of.SQL != tt.sql {
				t.Errorf("got %q at %d of %q, want %q at %d", of.Message, of.Offset, of.SQL, tt.message, tt.offset)
			}
			if _, err := c.Cached(tt.sql); err == nil {
				t.Error("was cached")
			}
		})
	}
}

func TestCommentsAfterAStatementAreNoStatement(t *testing.T) {
	c := memory(t, sqlite.Queries)
	for _, tail := range []string{"", ";", " ; ", ";;;", "; -- end", ";\n-- one\n-- two\n", "; /* end */ ;", "-- end", "; /* not closed"} {
		s, err := c.Prepare("SELECT 1"+tail, 0)
		if err != nil {
			t.Errorf("%q: %v", tail, err)
			continue
		}
		if row, err := s.Step(); !row || err != nil || s.ColumnInt(0) != 1 {
			t.Errorf("%q: %t, %v", tail, row, err)
		}
		s.Close()
	}
}

func TestAStatementIsPreparedOnceAConnection(t *testing.T) {
	c, other := memory(t, sqlite.Queries), memory(t, sqlite.Queries)
	a, again, elsewhere := mustCache(t, c, "SELECT 1"), mustCache(t, c, "SELECT 1"), mustCache(t, other, "SELECT 1")
	if a != again {
		t.Error("the same text was prepared twice")
	}
	if a == elsewhere || a == mustCache(t, c, "SELECT  1") {
		t.Error("another connection or text got the same statement")
	}
}

func TestWhatTheRuntimePreparedIsNotFoundByTheApplication(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE silo_x (a)", "CREATE TABLE t (a)")
	for _, sql := range []string{"BEGIN", "PRAGMA user_version", "CREATE TABLE own (a)", "DELETE FROM silo_x"} {
		if err := c.Exec(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		if s, err := c.Cached(sql); !errors.Is(err, sqlite.ErrNotAuthorized) {
			t.Errorf("%s: got %v, %v", sql, s, err)
		}
	}
	exec(t, c, "COMMIT")
}

// A change of the schema has statements prepared again when they are next run:
// they are then asked about again as whose they are.
func TestAStatementPreparedAgainIsStillWhoseItWas(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE silo_x (a)", "CREATE TABLE t (a)")
	exec(t, c, "INSERT INTO silo_x VALUES (1)")
	insert := mustCache(t, c, "INSERT INTO t VALUES (1)")
	exec(t, c, "ALTER TABLE t ADD COLUMN b DEFAULT 7")
	if _, err := insert.Step(); err == nil {
		t.Error("an INSERT of one value ran on a table of two columns")
	}
	insert.Reset()
	exec(t, c, "ALTER TABLE t DROP COLUMN b", "INSERT INTO silo_x VALUES (1)")
	if _, err := insert.Step(); err != nil {
		t.Error(err)
	}
	insert.Reset()
	wantText(t, c, "SELECT (SELECT count(*) FROM t) || ' ' || (SELECT count(*) FROM silo_x)", "1 2")
}

func TestColumnsAreTraced(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR(3))", "CREATE VIEW v AS SELECT b AS c FROM t")
	s := mustCache(t, c, "SELECT t.a, v.c AS d, a + 1 FROM t, v")
	if n := s.ColumnCount(); n != 3 {
		t.Fatalf("%d columns", n)
	}
	for i, want := range []string{"a INTEGER t.a", "d VARCHAR(3) t.b", "a + 1  ."} {
		table, column := s.ColumnOrigin(i)
		if got := s.ColumnName(i) + " " + s.ColumnDeclType(i) + " " + table + "." + column; got != want {
			t.Errorf("column %d is %q, want %q", i, got, want)
		}
	}
}

func TestStatementsTellWhetherTheyRead(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (a)")
	for sql, want := range map[string]bool{
		"SELECT * FROM t": true, "VALUES (1)": true, "WITH x AS (SELECT 1) SELECT * FROM x": true, "SELECT changes()": true,
		"INSERT INTO t VALUES (1)": false, "UPDATE t SET a = 1": false, "DELETE FROM t RETURNING a": false,
		"WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x": false,
	} {
		if got := mustCache(t, c, sql).ReadOnly(); got != want {
			t.Errorf("%s: %t", sql, got)
		}
	}
}

func TestAStatementIsClosedTwice(t *testing.T) {
	s, err := memory(t, sqlite.Queries).Prepare("SELECT ?1", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.BindText(1, strings.Repeat("x", 1<<20)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close()
}

func TestTheRowsChangedAreTold(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (a INTEGER PRIMARY KEY)")
	if err := app(c, "INSERT INTO t VALUES (41), (42)"); err != nil {
		t.Fatal(err)
	}
	if n := c.Changes(); n != 2 {
		t.Errorf("%d rows changed", n)
	}
}
