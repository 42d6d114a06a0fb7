package query_test

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

var numbers = []string{"CREATE TABLE t (a INTEGER UNIQUE)", "INSERT INTO t VALUES (1), (2), (3)"}

// calls are the functions that run a statement, each on st.
func calls(ctx context.Context, b query.Binding, st *query.Statement, args ...query.Value) map[string]error {
	_, one := query.One(ctx, b, st, scanInt, args...)
	_, many := query.Many(ctx, b, st, scanInt, args...)
	_, rows := query.ExecRows(ctx, b, st, args...)
	_, result := query.ExecResult(ctx, b, st, args...)
	_, id := query.ExecLastID(ctx, b, st, args...)
	_, bulk := query.Bulk(ctx, b, st, make([]int, 2), func(to []query.Value, _ *int) []query.Value { return append(to, args...) })
	return map[string]error{
		"One": one, "Many": many, "Exec": query.Exec(ctx, b, st, args...), "ExecRows": rows,
		"ExecResult": result, "ExecLastID": id, "Bulk": bulk,
	}
}

func TestTheZeroBindingFailsEveryCall(t *testing.T) {
	for _, b := range []query.Binding{{}, query.Bind(nil)} {
		for name, err := range calls(t.Context(), b, read("SELECT 1")) {
			var of *query.Error
			if !errors.Is(err, query.ErrNoHandle) || !errors.As(err, &of) || of.Query != "Get" {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}

func TestOneWithoutARowIsErrNoRows(t *testing.T) {
	d, b := open(t, numbers...)
	for _, st := range []*query.Statement{read("SELECT a FROM t WHERE a = 9"), write("DELETE FROM t WHERE a = 9 RETURNING a")} {
		got, err := query.One(t.Context(), b, st, scanInt)
		if !errors.Is(err, sql.ErrNoRows) || got != 0 {
			t.Errorf("got %d, %v", got, err)
		}
	}
	if !slices.Equal(d.ended, []error{nil, nil}) {
		t.Errorf("the sessions were told %v: no rows is no reason to roll back", d.ended)
	}
}

func TestOneReturnsTheFirstRowAndManyAll(t *testing.T) {
	_, b := open(t, numbers...)
	all := read("SELECT a FROM t ORDER BY a DESC")
	if got, err := query.One(t.Context(), b, all, scanInt); err != nil || got != 3 {
		t.Errorf("One: %d, %v", got, err)
	}
	if got, err := query.Many(t.Context(), b, all, scanInt); err != nil || !slices.Equal(got, []int64{3, 2, 1}) {
		t.Errorf("Many: %v, %v", got, err)
	}
	if got, err := query.Many(t.Context(), b, read("SELECT a FROM t WHERE a = 9"), scanInt); err != nil || got != nil {
		t.Errorf("Many without rows: %v, %v", got, err)
	}
}

func TestAReadStopsAtTheRowThatOneReturns(t *testing.T) {
	_, b := open(t)
	endless := read("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
	if got, err := query.One(t.Context(), b, endless, scanInt); err != nil || got != 1 {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestAWriteRunsToItsEnd(t *testing.T) {
	_, b := open(t, numbers...)
	if got, err := query.One(t.Context(), b, write("UPDATE t SET a = a + 10 RETURNING a"), scanInt); err != nil || got != 11 {
		t.Errorf("got %d, %v", got, err)
	}
	if got, err := query.Many(t.Context(), b, read("SELECT a FROM t ORDER BY a"), scanInt); err != nil || !slices.Equal(got, []int64{11, 12, 13}) {
		t.Errorf("now there are %v, %v", got, err)
	}
}

func TestAWriteThatWouldReturnARowFailsAtAForeignKey(t *testing.T) {
	d, b := open(t, "CREATE TABLE p (a INTEGER PRIMARY KEY)", "CREATE TABLE c (a REFERENCES p)")
	if got, err := query.One(t.Context(), b, write("INSERT INTO c VALUES (99) RETURNING a"), scanInt); !errors.Is(err, sqlite.ErrForeignKey) || got != 0 {
		t.Errorf("got %d, %v", got, err)
	}
	if len(d.ended) != 1 || d.ended[0] == nil {
		t.Errorf("the session was told %v", d.ended)
	}
}

func TestExecRowsCountsWhatTheStatementItselfChanged(t *testing.T) {
	_, b := open(t, append(numbers, "CREATE TABLE log (a)", "CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (1), (2); END",
		"CREATE TABLE child (a REFERENCES t (a) ON DELETE CASCADE)", "INSERT INTO child VALUES (1), (1), (1)")...)
	for _, tt := range []struct {
		sql  string
		want int64
	}{
		{"INSERT INTO t VALUES (4), (5)", 2},
		{"INSERT INTO t VALUES (4), (6) ON CONFLICT DO NOTHING", 1},
		{"INSERT INTO t VALUES (4) ON CONFLICT DO NOTHING", 0},
		{"UPDATE t SET a = a WHERE a > 3", 3},
		{"UPDATE t SET a = 0 WHERE a = 99", 0},
		{"DELETE FROM t WHERE a = 1", 1},
		{"DELETE FROM t RETURNING a", 5},
		{"DELETE FROM t", 0},
	} {
		if n, err := query.ExecRows(t.Context(), b, write(tt.sql)); err != nil || n != tt.want {
			t.Errorf("%s: %d, %v; want %d", tt.sql, n, err, tt.want)
		}
	}
}

func TestErrorsTellTheQueryAndTheirCause(t *testing.T) {
	d, b := open(t, numbers...)
	for sql, want := range map[string]error{"INSERT INTO t VALUES (1)": sqlite.ErrUnique, "DROP TABLE t": sqlite.ErrNotAuthorized} {
		for name, err := range calls(t.Context(), b, write(sql)) {
			var of *query.Error
			if !errors.Is(err, want) || !errors.As(err, &of) || of.Query != "Put" || of.Source != "q.sql:7" {
				t.Errorf("%s, %s: got %v", sql, name, err)
			}
		}
	}
	for _, err := range d.ended {
		if err == nil {
			t.Error("a session was told that a statement had gone well that failed")
		}
	}
}

func TestWhatTheSourceSaysIsTheResult(t *testing.T) {
	d, b := open(t, numbers...)
	said := errors.New("said by the source")
	d.refuses = said
	for name, err := range calls(t.Context(), b, read("SELECT a FROM t")) {
		if !errors.Is(err, said) {
			t.Errorf("Acquire, %s: got %v", name, err)
		}
	}
	d.refuses, d.commits = nil, said
	for name, err := range calls(t.Context(), b, write("UPDATE t SET a = a RETURNING a")) {
		if !errors.Is(err, said) {
			t.Errorf("End, %s: got %v", name, err)
		}
	}
	if got, err := query.Many(t.Context(), b, read("SELECT a FROM t"), scanInt); got != nil || err == nil {
		t.Errorf("a call that failed at its end returned %v, %v", got, err)
	}
}

func TestAPanicInAScanGivesTheSessionBack(t *testing.T) {
	for name, leave := range map[string]func(){"panic": func() { panic("in scan") }, "Goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			d, b := open(t, numbers...)
			st := write("DELETE FROM t RETURNING a")
			gone := make(chan any)
			go func() {
				defer func() { gone <- recover() }()
				_, _ = query.Many(t.Context(), b, st, func(*query.Row, *int64) { leave() })
			}()
			if recovered := <-gone; (name == "panic") != (recovered == "in scan") {
				t.Errorf("recovered %v", recovered)
			}
			if d.lent != 0 || len(d.ended) != 1 || d.ended[0] == nil {
				t.Errorf("%d sessions are out, they were told %v", d.lent, d.ended)
			}
			// The statement is not half way through its rows any more.
			if err := query.Exec(t.Context(), b, write("INSERT INTO t VALUES (7)")); err != nil {
				t.Error(err)
			}
			if got, err := query.Many(t.Context(), b, st, scanInt); err != nil || !slices.Contains(got, 7) {
				t.Errorf("the same statement again: %v, %v", got, err)
			}
		})
	}
}

func TestAQueryEndsWithItsContext(t *testing.T) {
	_, b := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	endless := read("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i = 1")
	rows := 0
	_, err := query.Many(ctx, b, endless, func(*query.Row, *int) { rows++; cancel() })
	if !errors.Is(err, context.Canceled) || rows != 1 {
		t.Errorf("got %v after %d rows", err, rows)
	}
}

func TestStatementsTellTheirNameAndAccess(t *testing.T) {
	for _, tt := range []struct {
		st   *query.Statement
		name string
		want query.Access
	}{
		{query.Read("A", "a.sql:1", "SELECT 1"), "A", query.Reads},
		{query.Write("B", "a.sql:2", "DELETE FROM t"), "B", query.Writes},
		{query.ReadInTx("C", "a.sql:3", "SELECT changes()"), "C", query.ReadsInWrite},
	} {
		if tt.st.Name() != tt.name || tt.st.Access() != tt.want {
			t.Errorf("got %s %v, want %s %v", tt.st.Name(), tt.st.Access(), tt.name, tt.want)
		}
	}
}

func TestStatementsThatAskForWhatTheirConnectionDidAreForWriteOnly(t *testing.T) {
	for st, want := range map[*query.Statement]bool{
		query.Read("R", "q.sql:1", "SELECT 1"):                            false,
		query.Write("W", "q.sql:1", "DELETE FROM t"):                      false,
		query.ReadInTx("RT", "q.sql:1", "SELECT changes()"):               true,
		query.WriteInTx("WT", "q.sql:1", "DELETE FROM t WHERE changes()"): true,
	} {
		if got := st.InWriteOnly(); got != want {
			t.Errorf("%s: %v", st.Name(), got)
		}
	}
}
