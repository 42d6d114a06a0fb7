package query_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

func bindInt(to []query.Value, n *int64) []query.Value { return append(to, query.Int(*n)) }

var putNumber = write("INSERT INTO t VALUES (?1)")

// numbersIn are the numbers of the table t.
func numbersIn(t *testing.T, b query.Binding) []int64 {
	t.Helper()
	got, err := query.Many(t.Context(), b, read("SELECT a FROM t ORDER BY a"), scanInt)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBulkWritesAllRowsInOneCall(t *testing.T) {
	d, b := open(t, "CREATE TABLE t (a INTEGER UNIQUE)")
	n, err := query.Bulk(t.Context(), b, putNumber, []int64{3, 1, 2}, bindInt)
	if err != nil || n != 3 || len(d.ended) != 1 {
		t.Errorf("%d, %v, in %d calls", n, err, len(d.ended))
	}
	if got := numbersIn(t, b); !slices.Equal(got, []int64{1, 2, 3}) || d.conn.InTransaction() {
		t.Errorf("there are %v", got)
	}
}

func TestBulkCountsTheRowsThatWereWritten(t *testing.T) {
	_, b := open(t, numbers...)
	if n, err := query.Bulk(t.Context(), b, write("INSERT INTO t VALUES (?1) ON CONFLICT DO NOTHING"), []int64{3, 4, 4, 5}, bindInt); err != nil || n != 2 {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := query.Bulk(t.Context(), b, write("UPDATE t SET a = a + 10 WHERE a > ?1 RETURNING a"), []int64{0, 12}, bindInt); err != nil || n != 8 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestBulkWithoutRowsTakesNoConnection(t *testing.T) {
	d, b := open(t)
	for _, rows := range [][]int64{nil, {}} {
		if n, err := query.Bulk(t.Context(), b, putNumber, rows, bindInt); n != 0 || err != nil || len(d.ended) != 0 {
			t.Errorf("%d, %v, %d calls", n, err, len(d.ended))
		}
	}
	if _, err := query.Bulk(t.Context(), query.Binding{}, putNumber, []int64(nil), bindInt); !errors.Is(err, query.ErrNoHandle) {
		t.Errorf("the zero Binding: %v", err)
	}
}

func TestABulkThatFailsLeavesNothingAndTellsTheRow(t *testing.T) {
	for name, tt := range map[string]struct {
		begin string
		kept  []int64
	}{
		"alone":          {"SELECT 1", []int64{1, 2, 3}},
		"in transaction": {"BEGIN; INSERT INTO t VALUES (9)", []int64{1, 2, 3, 9}},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := open(t, numbers...)
			if err := d.conn.Trusted(func() error { return d.conn.Script(tt.begin) }); err != nil {
				t.Fatal(err)
			}
			n, err := query.Bulk(t.Context(), b, putNumber, []int64{4, 5, 2, 6}, bindInt)
			var row *query.RowError
			if !errors.Is(err, sqlite.ErrUnique) || !errors.As(err, &row) || row.Index != 2 || n != 0 {
				t.Errorf("%d, %v", n, err)
			}
			want := "query Put (q.sql:7): rows[2], so none is written: UNIQUE constraint failed: t.a (SQLite code 2067)"
			if err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if d.ended[0] == nil {
				t.Error("the session was told that all went well")
			}
			if n, err := query.Bulk(t.Context(), b, putNumber, []int64{7}, bindInt); n != 1 || err != nil {
				t.Errorf("the next call: %d, %v", n, err)
			}
			want7 := slices.Sorted(slices.Values(append(tt.kept, 7)))
			if got := numbersIn(t, b); !slices.Equal(got, want7) {
				t.Errorf("there are %v, want %v", got, want7)
			}
			if d.conn.InTransaction() != (name == "in transaction") {
				t.Error("the transaction around it has not its own end")
			}
		})
	}
}

func TestABulkOfTheWrongNumberOfArgumentsFails(t *testing.T) {
	_, b := open(t, numbers...)
	_, err := query.Bulk(t.Context(), b, putNumber, []int64{4}, func(to []query.Value, _ *int64) []query.Value { return to })
	if row := new(query.RowError); !errors.As(err, &row) || row.Index != 0 {
		t.Errorf("got %v", err)
	}
}

func TestABulkEndsWithItsContext(t *testing.T) {
	d, b := open(t, numbers...)
	ctx, cancel := context.WithCancel(t.Context())
	n, err := query.Bulk(ctx, b, putNumber, []int64{4, 5, 6}, func(to []query.Value, v *int64) []query.Value {
		if *v == 5 {
			cancel()
		}
		return append(to, query.Int(*v))
	})
	row := new(query.RowError)
	if !errors.Is(err, context.Canceled) || !errors.As(err, &row) || row.Index != 2 || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
	if got := numbersIn(t, b); !slices.Equal(got, []int64{1, 2, 3}) || d.conn.InTransaction() {
		t.Errorf("there are %v", got)
	}
}

func TestAPanicOfABulksArgumentsLeavesNothing(t *testing.T) {
	d, b := open(t, numbers...)
	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the panic did not go on")
			}
		}()
		_, _ = query.Bulk(t.Context(), b, putNumber, []int64{4, 5}, func(to []query.Value, v *int64) []query.Value {
			if *v == 5 {
				panic("mine")
			}
			return append(to, query.Int(*v))
		})
	}()
	if got := numbersIn(t, b); !slices.Equal(got, []int64{1, 2, 3}) || d.lent != 0 || d.conn.InTransaction() {
		t.Errorf("there are %v, %d sessions are out", got, d.lent)
	}
}

func TestABulkWhoseTransactionSQLiteEndsSaysWhy(t *testing.T) {
	d, b := open(t, "CREATE TABLE t (a INTEGER UNIQUE ON CONFLICT ROLLBACK)")
	if err := d.conn.Exec("BEGIN"); err != nil {
		t.Fatal(err)
	}
	_, err := query.Bulk(t.Context(), b, putNumber, []int64{4, 4}, bindInt)
	want := "query Put (q.sql:7): rows[1], so none is written: UNIQUE constraint failed: t.a (SQLite code 2067)"
	if err == nil || err.Error() != want || d.conn.InTransaction() || len(numbersIn(t, b)) != 0 {
		t.Errorf("got %v", err)
	}
}

func TestABulkIsWholeHoweverOftenItsContextEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		begin  string
		rows   []int64
		writes int // how many of them are written
	}{
		"before a row":                           {"SELECT 1", []int64{4, 5, 6}, 0},
		"before a row in a transaction":          {"BEGIN", []int64{4, 5, 6}, 0},
		"at the last row, so with the commit":    {"SELECT 1", []int64{4, 5}, 2},
		"at the last row, then in a transaction": {"BEGIN", []int64{4, 5}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := open(t, append(slices.Clone(numbers), tt.begin)...)
			for range 5000 { // SQLite looks at the context once in some thousand instructions
				ctx, cancel := context.WithCancel(t.Context())
				n, err := query.Bulk(ctx, b, write("INSERT INTO t VALUES (?1) ON CONFLICT DO NOTHING"), tt.rows, func(to []query.Value, v *int64) []query.Value {
					if *v == 5 {
						cancel()
					}
					return append(to, query.Int(*v))
				})
				cancel()
				want := tt.writes
				if err != nil {
					want = 0 // the row's own statement may notice too
				}
				if got := numbersIn(t, b); int(n) != want || len(got) != 3+want || d.conn.InTransaction() != (tt.begin == "BEGIN") {
					t.Fatalf("%d, %v: there are %v", n, err, got)
				}
				var row *query.RowError
				if err != nil && !errors.As(err, &row) {
					t.Fatalf("not while a row was written: %v", err)
				}
				if err := query.Exec(t.Context(), b, write("DELETE FROM t WHERE a > 3")); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestWhatTheSourceSaysIsABulksResult(t *testing.T) {
	d, b := open(t, numbers...)
	said := errors.New("said by the source")
	d.commits = said
	if n, err := query.Bulk(t.Context(), b, putNumber, []int64{4}, bindInt); n != 0 || !errors.Is(err, said) {
		t.Errorf("End: %d, %v", n, err)
	}
	d.refuses = said
	if n, err := query.Bulk(t.Context(), b, putNumber, []int64{5}, bindInt); n != 0 || !errors.Is(err, said) {
		t.Errorf("Acquire: %d, %v", n, err)
	}
}
