package query_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

func TestTheLastIDIsOfTheStatementItselfAndNeverStale(t *testing.T) {
	_, b := open(t, "CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, n DEFAULT 0)", "CREATE TABLE log (a)", "INSERT INTO log VALUES (1), (2), (3), (4)",
		"CREATE TABLE w (a PRIMARY KEY) WITHOUT ROWID", "CREATE VIEW v AS SELECT a FROM t",
		"CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES (NEW.a); END",
		"CREATE TRIGGER h AFTER INSERT ON t WHEN NEW.a = 'logged' BEGIN INSERT INTO log VALUES (last_insert_rowid()); END",
		"CREATE TABLE child (id INTEGER PRIMARY KEY, parent)")
	const last = "SELECT last_insert_rowid()"
	for _, tt := range []struct {
		sql               string
		id, rows, earlier int64 // earlier is SQLite's own word afterwards
	}{
		{"INSERT INTO t (a) VALUES ('x')", 1, 1, 1},
		{"INSERT INTO t (a) VALUES ('y'), ('z')", 3, 2, 3},
		{"INSERT INTO t (a) VALUES ('x') ON CONFLICT DO NOTHING", 0, 0, 3},
		{"INSERT OR IGNORE INTO t (a) VALUES ('x')", 0, 0, 3},
		{"INSERT INTO t (a) SELECT 'q' WHERE false", 0, 0, 3},
		{"INSERT INTO t (a) VALUES ('x') ON CONFLICT DO UPDATE SET n = n + 1", 0, 1, 3},
		{"UPDATE t SET n = 7", 0, 3, 3},
		{"DELETE FROM t WHERE a = 'y'", 0, 1, 3},
		{"INSERT INTO w VALUES (1)", 0, 1, 3},
		{"INSERT INTO v VALUES (1)", 0, 0, 3},
		{"INSERT INTO t (a) VALUES ('logged')", 4, 1, 4},
		{"INSERT INTO child (parent) VALUES (last_insert_rowid())", 1, 1, 1},
		{"INSERT INTO child (id, parent) VALUES (1, LAST_INSERT_ROWID()) ON CONFLICT DO NOTHING", 0, 0, 1},
		{"INSERT INTO child (parent) VALUES (0), (0), (0)", 4, 3, 4},
		{"INSERT INTO child (parent) VALUES (Last_Insert_RowID())", 5, 1, 5},
		{"REPLACE INTO t (id, a) VALUES (0, 'zero')", 0, 1, 0},
		{"INSERT INTO t (id, a) VALUES (-5, 'minus')", -5, 1, -5},
		{"INSERT INTO t (id, a) VALUES (9223372036854775807, 'most') RETURNING id", 9223372036854775807, 1, 9223372036854775807},
	} {
		st := write(tt.sql)
		result, err := query.ExecResult(t.Context(), b, st)
		if err != nil {
			t.Errorf("%s: %v", tt.sql, err)
			continue
		}
		id, idErr := result.LastInsertId()
		rows, rowsErr := result.RowsAffected()
		if id != tt.id || rows != tt.rows || idErr != nil || rowsErr != nil {
			t.Errorf("%s: id %d, %v, %d rows, %v; want id %d, %d rows", tt.sql, id, idErr, rows, rowsErr, tt.id, tt.rows)
		}
		if got, err := query.One(t.Context(), b, read(last), scanInt); err != nil || got != tt.earlier {
			t.Errorf("%s: SQLite says %d afterwards, %v; want %d", tt.sql, got, err, tt.earlier)
		}
	}
	if told, err := query.Many(t.Context(), b, read("SELECT parent FROM child WHERE id IN (1, 5)"), scanInt); err != nil || !slices.Equal(told, []int64{4, 4}) {
		t.Errorf("the statements themselves were told %d, %v", told, err)
	}
	if id, err := query.ExecLastID(t.Context(), b, write("INSERT INTO t (id, a) VALUES (77, ?1)"), query.Text("by id")); err != nil || id != 77 {
		t.Errorf("ExecLastID: %d, %v", id, err)
	}
}

func TestAReadInsertsNothing(t *testing.T) {
	_, b := open(t, "CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (5)")
	result, err := query.ExecResult(t.Context(), b, read("SELECT id FROM t"))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := result.LastInsertId()
	if rows, _ := result.RowsAffected(); id != 0 || rows != 0 {
		t.Errorf("id %d, %d rows", id, rows)
	}
}

func TestAFailedInsertHasNoResultAndLeavesSQLitesWord(t *testing.T) {
	_, b := open(t, "CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (5)")
	if result, err := query.ExecResult(t.Context(), b, write("INSERT INTO t VALUES (5)")); !errors.Is(err, sqlite.ErrUnique) || result != nil {
		t.Errorf("got %v, %v", result, err)
	}
	if id, err := query.ExecLastID(t.Context(), b, write("INSERT INTO t VALUES (5)")); !errors.Is(err, sqlite.ErrUnique) || id != 0 {
		t.Errorf("got %d, %v", id, err)
	}
	if got, err := query.One(t.Context(), b, read("SELECT last_insert_rowid()"), scanInt); err != nil || got != 5 {
		t.Errorf("SQLite says %d, %v", got, err)
	}
}
