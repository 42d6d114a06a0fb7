package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// classes are all classes of errors, by name.
var classes = map[string]error{
	"Busy": sqlite.ErrBusy, "Unique": sqlite.ErrUnique, "ForeignKey": sqlite.ErrForeignKey, "NotNull": sqlite.ErrNotNull, "Check": sqlite.ErrCheck,
	"Constraint": sqlite.ErrConstraint, "DiskFull": sqlite.ErrDiskFull, "ReadOnly": sqlite.ErrReadOnly, "Corrupt": sqlite.ErrCorrupt,
	"NotADatabase": sqlite.ErrNotADatabase, "CannotOpen": sqlite.ErrCannotOpen, "TooManyFiles": sqlite.ErrTooManyFiles, "IO": sqlite.ErrIO,
	"NotAuthorized": sqlite.ErrNotAuthorized, "TooBig": sqlite.ErrTooBig, "Interrupted": sqlite.ErrInterrupted,
}

// wantClasses fails unless err is of the classes named and of no other.
func wantClasses(t *testing.T, err error, names string) {
	t.Helper()
	want := strings.Fields(names)
	for name, class := range classes {
		if got, want := errors.Is(err, class), strings.Contains(" "+strings.Join(want, " ")+" ", " "+name+" "); got != want {
			t.Errorf("%v: is %s: %t", err, name, got)
		}
	}
}

func TestErrorsOfStatementsTellTheirClass(t *testing.T) {
	c := memory(t, sqlite.Queries,
		"CREATE TABLE p (a INTEGER PRIMARY KEY)",
		"CREATE TABLE t (a INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL DEFAULT 1, c CHECK (c > 0), p REFERENCES p)",
		"CREATE TABLE w (k TEXT PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE s (i INTEGER) STRICT",
		"CREATE TABLE g (a)", "CREATE TRIGGER raises BEFORE INSERT ON g BEGIN SELECT RAISE(ABORT, 'said by a trigger'); END",
		"INSERT INTO t VALUES (1, 1, 1, 1, NULL)", "INSERT INTO w VALUES ('k')")
	for sql, want := range map[string]string{
		"INSERT INTO t (u) VALUES (1)":      "Unique Constraint",
		"INSERT INTO t (a) VALUES (1)":      "Unique Constraint",
		"INSERT INTO w VALUES ('k')":        "Unique Constraint",
		"INSERT INTO t (p) VALUES (9)":      "ForeignKey Constraint",
		"INSERT INTO t (n) VALUES (NULL)":   "NotNull Constraint",
		"INSERT INTO w VALUES (NULL)":       "NotNull Constraint",
		"INSERT INTO t (c) VALUES (0)":      "Check Constraint",
		"INSERT INTO s VALUES ('text')":     "Constraint",
		"INSERT INTO g VALUES (1)":          "Constraint",
		"SELECT zeroblob(2000000000)":       "TooBig",
		"CREATE TABLE x (a)":                "NotAuthorized",
		"SELECT nope":                       "",
		"INSERT INTO t (a) VALUES ('text')": "",
	} {
		t.Run(sql[:min(len(sql), 40)], func(t *testing.T) {
			err := app(c, sql)
			if err == nil {
				t.Fatal("no error")
			}
			wantClasses(t, fmt.Errorf("wrapped: %w", err), want)
			if sqlite.Broken(err) {
				t.Error("the connection counts as broken")
			}
		})
	}
}

func TestAnErrorTellsSQLitesWordsAndCode(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (u UNIQUE)", "INSERT INTO t VALUES (1)")
	if err := app(c, "INSERT INTO t VALUES (1)"); err == nil || err.Error() != "UNIQUE constraint failed: t.u (SQLite code 2067)" {
		t.Errorf("got %v", err)
	}
}

func TestAFileThatIsNoDatabaseIsToldAndBreaksTheConnection(t *testing.T) {
	path := filepath.Join(folder(t), "tenant.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []sqlite.Mode{sqlite.ReadWrite, sqlite.ReadOnly, sqlite.Create, sqlite.Exclusive} {
		_, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: mode})
		wantClasses(t, err, "NotADatabase")
		if !sqlite.Broken(err) {
			t.Errorf("mode %d: %v does not count as broken", mode, err)
		}
	}
}

func TestADamagedPageIsToldAndBreaksTheConnection(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)",
		"INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT hex(randomblob(500)) FROM n")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for i := 5 * page; i < 6*page; i++ {
		content[i] = 0xa5
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, path, sqlite.Config{})
	err = app(c, "SELECT sum(length(a)) FROM t")
	wantClasses(t, err, "Corrupt")
	if !sqlite.Broken(err) {
		t.Errorf("%v does not count as broken", err)
	}
}

func TestAFullFileIsToldAndBreaksNothing(t *testing.T) {
	c := open(t, file(t, "CREATE TABLE t (a)"), sqlite.Config{})
	exec(t, c, "PRAGMA max_page_count = 10")
	err := app(c, "INSERT INTO t VALUES (zeroblob(100000))")
	wantClasses(t, err, "DiskFull")
	if sqlite.Broken(err) {
		t.Error("the connection counts as broken")
	}
	wantText(t, c, "SELECT count(*) FROM t", "0")
}

func TestOnlyErrorsOfTheConnectionBreakIt(t *testing.T) {
	const primaryAndExtended = 0xff
	broken := map[int]bool{2: true, 7: true, 10: true, 11: true, 14: true, 15: true, 21: true, 26: true}
	for code := range 29 {
		for _, extended := range []int{code, code | 3<<8} {
			err := fmt.Errorf("wrapped: %w", &sqlite.Error{Code: extended})
			if got := sqlite.Broken(err); got != broken[code&primaryAndExtended] {
				t.Errorf("code %d: broken %t", extended, got)
			}
		}
	}
	for _, err := range []error{nil, errors.New("another"), os.ErrNotExist} {
		if sqlite.Broken(err) {
			t.Errorf("%v counts as broken", err)
		}
	}
}
