package migrate_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// reversible are migrations that can be taken down.
var reversible = []string{
	"-- +goose Up\nCREATE TABLE a (x);\n-- +goose Down\nDROP TABLE a;\n",
	"-- +goose Up\nCREATE TABLE b (x);\n-- +goose Down\nDROP TABLE b;\n",
	"-- +goose Up\nCREATE TABLE c (x);\n-- +goose Down\nDROP TABLE c;\n",
}

// byGoose does with the file what goose's own command line does: on a connection
// of another driver, by goose alone.
func byGoose(t *testing.T, path string, fsys fstest.MapFS, do func(*goose.Provider) error) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, fsys, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(provider), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func up1(t *testing.T) func(*goose.Provider) error {
	return func(p *goose.Provider) error { _, err := p.UpByOne(t.Context()); return err }
}

func down1(t *testing.T) func(*goose.Provider) error {
	return func(p *goose.Provider) error { _, err := p.Down(t.Context()); return err }
}

func TestWhatGooseItselfTookDownIsPendingAgain(t *testing.T) {
	path, fsys := newFile(t), numbered(reversible...)
	set := load(t, fsys)
	conn := open(t, path, sqlite.Create)
	mustApply(t, conn, set)
	for down := 1; down <= 3; down++ {
		byGoose(t, path, fsys, down1(t))
		if n, err := set.Pending(conn); err != nil || n != down {
			t.Errorf("%d down: %d are pending, %v", down, n, err)
		}
	}
	if ran := mustApply(t, conn, set); len(ran) != 3 {
		t.Errorf("ran %q", ran)
	}
	if n, err := set.Pending(conn); err != nil || n != 0 {
		t.Errorf("at the end %d are pending, %v", n, err)
	}
}

func TestWhatGooseItselfTookDownMayComeBackAsAnotherText(t *testing.T) {
	path, fsys := newFile(t), numbered(reversible...)
	conn := open(t, path, sqlite.Create)
	mustApply(t, conn, load(t, fsys))
	byGoose(t, path, fsys, down1(t))
	edited := load(t, numbered(reversible[0], reversible[1], "-- +goose Up\nCREATE TABLE c (y);\n"))
	if ran := mustApply(t, conn, edited); len(ran) != 1 {
		t.Errorf("ran %q", ran)
	}
	// The text that ran last is the one on record.
	if _, err := load(t, fsys).Pending(conn); !errors.Is(err, migrate.ErrDiverged) {
		t.Errorf("the text that is gone: %v", err)
	}
}

func TestWhatGooseItselfRanIsNotPending(t *testing.T) {
	path, fsys := newFile(t), numbered(reversible...)
	set := load(t, fsys)
	conn := open(t, path, sqlite.Create)
	mustApply(t, conn, load(t, numbered(reversible[:2]...)))
	byGoose(t, path, fsys, up1(t))
	if n, err := set.Pending(conn); err != nil || n != 0 {
		t.Errorf("%d are pending, %v", n, err)
	}
	if _, err := load(t, numbered(reversible[:2]...)).Pending(conn); !errors.Is(err, migrate.ErrAhead) {
		t.Errorf("the older set: %v", err)
	}
	byGoose(t, path, fsys, func(p *goose.Provider) error { return errors.Join(down1(t)(p), down1(t)(p), up1(t)(p)) })
	if n, err := set.Pending(conn); err != nil || n != 1 {
		t.Errorf("after two down and one up %d are pending, %v", n, err)
	}
	mustApply(t, conn, set)
	if n, err := set.Pending(conn); err != nil || n != 0 {
		t.Errorf("at the end %d are pending, %v", n, err)
	}
}

func TestAFileThatGooseAloneMigratedIsTakenOver(t *testing.T) {
	path, fsys := newFile(t), numbered(reversible...)
	byGoose(t, path, numbered(reversible[:2]...), func(p *goose.Provider) error { _, err := p.Up(t.Context()); return err })
	conn := open(t, path, sqlite.ReadWrite)
	if ran := mustApply(t, conn, load(t, fsys)); len(ran) != 1 || ran[0] != "00003_step.sql" {
		t.Errorf("ran %q", ran)
	}
	if n, err := load(t, fsys).Pending(conn); err != nil || n != 0 {
		t.Errorf("%d are pending, %v", n, err)
	}
}

// A tool that writes goose's table anew gives its rows other numbers.
func TestRecordsOfARowThatIsOfAnotherVersionNowAreNotBelieved(t *testing.T) {
	conn, set := memory(t), load(t, numbered(reversible...))
	mustApply(t, conn, set)
	exec(t, conn, "DELETE FROM goose_db_version", "INSERT INTO goose_db_version (id, version_id, is_applied) VALUES (1, 1, 1), (2, 2, 1), (3, 3, 1)")
	if n, err := set.Pending(conn); err != nil || n != 0 {
		t.Errorf("%d are pending, %v", n, err)
	}
}

// goose reads a file that the runtime has migrated as one of its own.
func TestGooseItselfFindsNothingLeftToDo(t *testing.T) {
	path, fsys := newFile(t), numbered(reversible...)
	conn := open(t, path, sqlite.Create)
	mustApply(t, conn, load(t, fsys))
	before := dump(t, conn)
	byGoose(t, path, fsys, func(p *goose.Provider) error {
		results, err := p.Up(t.Context())
		if len(results) > 0 {
			err = errors.Join(err, fmt.Errorf("goose ran %v", results))
		}
		return err
	})
	if diff := cmp.Diff(before, dump(t, conn)); diff != "" {
		t.Error(diff)
	}
}

func TestTheMarkTellsWhatAnotherToolDid(t *testing.T) {
	conn := memory(t)
	set := load(t, numbered(reversible...))
	mustApply(t, conn, set)
	_, before, err := set.Look(conn)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := set.ReadMark(conn); err != nil || at != before {
		t.Errorf("nothing happened, and %v became %v, %v", before, at, err)
	}
	seen := map[migrate.Mark]string{before: "nothing"}
	for _, sql := range []string{
		"UPDATE goose_db_version SET is_applied = 0 WHERE id = (SELECT max(id) FROM goose_db_version)",
		"DELETE FROM goose_db_version WHERE id = (SELECT max(id) FROM goose_db_version)",
		"INSERT INTO goose_db_version (version_id, is_applied) SELECT version_id, 1 FROM goose_db_version ORDER BY id DESC LIMIT 1",
	} {
		exec(t, conn, sql)
		at, err := set.ReadMark(conn)
		if err != nil || seen[at] != "" {
			t.Errorf("%s: the mark is as after %q, %v", sql, seen[at], err)
		}
		seen[at] = sql
	}
}
