package migrate_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// looked is a context that calls do when SQLite first looks at it.
type looked struct {
	context.Context
	do   func()
	done bool
}

func (c *looked) Err() error {
	if !c.done {
		c.done = true
		c.do()
	}
	return nil
}

// database/sql rolls a transaction back on a goroutine of its own when the context
// ends. It must not do so while the connection is in use.
func TestTheEndOfTheContextDuringTheForeignKeyCheckDoesNotUseTheConnectionTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := memory(t)
		exec(t, conn, "CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE c (p REFERENCES p)",
			"INSERT INTO p WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i FROM n",
			"INSERT INTO c SELECT id FROM p")
		ctx, cancel := context.WithCancel(t.Context())
		conn.Watch(&looked{Context: ctx, do: func() {
			cancel()
			synctest.Wait()
		}}, 0)
		defer conn.Unwatch()
		_, err := apply(ctx, conn, load(t, numbered("CREATE TABLE later (a);")))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		const abort = 4 // SQLITE_ABORT
		var of *sqlite.Error
		if errors.As(err, &of) && of.Code&0xff == abort {
			t.Errorf("the transaction was rolled back under a statement that was running: %v", err)
		}
	})
}

func TestAMigrationThatEndsTheTransactionIsRefusedAndLeavesNothing(t *testing.T) {
	for name, text := range map[string]string{
		"commit":   "CREATE TABLE half (a);\nCOMMIT;\nBEGIN;\nSAVEPOINT migration;\nINSERT INTO nowhere VALUES (1);",
		"release":  "CREATE TABLE half (a);\nRELEASE migration;\nCOMMIT;\nINSERT INTO nowhere VALUES (1);",
		"rollback": "ROLLBACK;\nBEGIN;\nSAVEPOINT migration;\nCREATE TABLE half (a);",
	} {
		t.Run(name, func(t *testing.T) {
			conn := memory(t)
			_, err := apply(t.Context(), conn, load(t, numbered("CREATE TABLE first (a);", text)))
			if !errors.Is(err, migrate.ErrFailed) {
				t.Errorf("got %v", err)
			}
			if got := dump(t, conn); len(got) > 0 {
				t.Errorf("it left %q", got)
			}
		})
	}
}

func TestAFileThatGooseAloneBroughtAheadIsRefused(t *testing.T) {
	path := newFile(t)
	byGoose(t, path, numbered(reversible...), func(p *goose.Provider) error { _, err := p.Up(t.Context()); return err })
	conn := open(t, path, sqlite.ReadWrite)
	before := dump(t, conn)
	older := load(t, numbered(reversible[:2]...))
	if n, err := older.Pending(conn); !errors.Is(err, migrate.ErrAhead) {
		t.Errorf("Pending: %d, %v", n, err)
	}
	if _, err := apply(t.Context(), conn, older); !errors.Is(err, migrate.ErrAhead) || !slices.Equal(before, dump(t, conn)) {
		t.Errorf("Apply: %v, %s", err, cmp.Diff(before, dump(t, conn)))
	}
	if n, err := load(t, numbered(reversible...)).Pending(conn); err != nil || n != 0 {
		t.Errorf("of its own set %d are pending, %v", n, err)
	}
}

// goose finds its annotations wherever they are in a comment; sqlc cuts at others.
func TestTextsThatGooseOrSqlcReadOtherwiseAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"NO TRANSACTION behind four dashes":   "---- +goose NO TRANSACTION\n" + up,
		"NO TRANSACTION before +goose":        "-- NO TRANSACTION +goose\n" + up,
		"NO TRANSACTION and dashes":           "-- +goose NO TRANSACTION --\n" + up,
		"ENVSUB behind four dashes":           "-- +goose Up\n---- +goose ENVSUB ON\nSELECT '$HOME';\n",
		"an annotation that is none":          up + "-- +goose Dwon\nDROP TABLE a;\n",
		"an annotation of nothing":            up + "-- +goose \n",
		"indented":                            up + "  -- +goose Down\nDROP TABLE a;\n",
		"two spaces":                          up + "-- +goose  Down\nDROP TABLE a;\n",
		"Up twice":                            up + up,
		"dbmate's Down":                       up + "-- migrate:down\nCREATE TABLE b (x);\n",
		"sql-migrate's Down":                  up + "-- +migrate Down\nCREATE TABLE b (x);\n",
		"StatementBegin without its end":      "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n",
		"a block of nothing":                  "-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\nCREATE TABLE b (x);\n",
		"a block of comments":                 "-- +goose Up\n-- +goose StatementBegin\n-- Nothing.\n-- +goose StatementEnd\nCREATE TABLE b (x);\n",
		"golang-migrate's name of a rollback": "",
	} {
		fsys := files("00001_a.sql", text)
		if text == "" {
			fsys = files("00001_a.down.sql", up)
		}
		if _, err := migrate.Load(fsys); !errors.Is(err, migrate.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAFailureTellsTheLineOfItsOwnStatement(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		line int
	}{
		"commented out before":      {"-- +goose Up\nCREATE TABLE a (x UNIQUE);\n-- INSERT INTO nowhere VALUES (1);\n\n\nINSERT INTO nowhere VALUES (1);\n", 6},
		"the same statement before": {"-- +goose Up\nCREATE TABLE a (x UNIQUE);\nINSERT INTO a VALUES (1);\n\n\nINSERT INTO a VALUES (1);\n", 6},
		"the same first line":       {"-- +goose Up\nCREATE TABLE\n\ta (x UNIQUE);\n\n\nCREATE TABLE\n\ta (x UNIQUE);\n", 7},
		"part of a longer one":      {"-- +goose Up\nCREATE TABLE a (x);\n\nCREATE VIEW v AS SELECT 1; -- DROP TABLE b;\n\nDROP TABLE b;\n", 6},
		"the same in Down":          {"-- +goose Up\nSELECT 1;\nDROP TABLE b;\n-- +goose Down\nDROP TABLE b;\n", 3},
		"deep in a block":           {"-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\nSELECT 2;\n\n  DROP TABLE b;\n-- +goose StatementEnd\n", 6},
		"below comments in a block": {"-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n\n-- It fails;\n/* it\n\tdoes */ ; DROP TABLE b;\n-- +goose StatementEnd\n", 7},
		"below a comment":           {"-- +goose Up\n/* It fails\n\n*/\nDROP TABLE b;\n", 5},
		"the token":                 {"-- +goose Up\nSELECT 1,\n\tnope,\n\t2;\n", 3},
	} {
		_, err := apply(t.Context(), memory(t), load(t, numbered(tt.text)))
		var of *migrate.Error
		if !errors.As(err, &of) || of.Line != tt.line {
			t.Errorf("%s: got %v, want line %d", name, err, tt.line)
		}
	}
}

func TestSumCountsLinesThatOnlyLookLikeComments(t *testing.T) {
	const text = "-- +goose Up\nINSERT INTO a VALUES ('\n-- one\n');\n"
	if sum(t, text) == sum(t, "-- +goose Up\nINSERT INTO a VALUES ('\n-- two\n');\n") {
		t.Error("migrations that store different texts have one sum")
	}
}

// goose reads a file when it comes to run it, and says of one that it cannot read
// no more than a text.
func TestAFileThatGooseCannotReadIsTold(t *testing.T) {
	fsys := numbered("CREATE TABLE a (x);", "CREATE TABLE b (x)")
	set, err := migrate.Load(fsys)
	if err == nil {
		_, err = apply(t.Context(), memory(t), set)
	}
	var of *migrate.Error
	if !errors.As(err, &of) || of.File != "00002_step.sql" || of.Line != 2 {
		t.Errorf("got %v", err)
	}
}

// goose hands over what is between StatementBegin and StatementEnd, and what ends
// on one line, as one text; its own drivers run all that is in it.
func TestATextOfSeveralStatementsRunsWhole(t *testing.T) {
	for name, text := range map[string]string{
		"block": "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a (x);\n\nINSERT INTO a VALUES (';');\nINSERT INTO a VALUES (2);\n-- +goose StatementEnd\n",
		"line":  "-- +goose Up\nCREATE TABLE a (x); INSERT INTO a VALUES (';'); INSERT INTO a VALUES (2);\n",
	} {
		conn := memory(t)
		if _, err := apply(t.Context(), conn, load(t, numbered(text))); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := rows(t, conn, "SELECT x FROM a ORDER BY rowid"); !slices.Equal(got, []string{";", "2"}) {
			t.Errorf("%s: there are %q", name, got)
		}
	}
}

func TestATextThatIsLoadedIsOneThatGooseReads(t *testing.T) {
	for name, text := range map[string]string{
		"block comment at the end":          "-- +goose Up\nSELECT 1;\n/* The end. */\n",
		"block comment before Down":         "-- +goose Up\nSELECT 1;\n/* The end. */\n-- +goose Down\nSELECT 2;\n",
		"comment behind a line of blanks":   "-- +goose Up\nSELECT 1;\n  \n-- The end.\n",
		"the same before Down":              "-- +goose Up\nSELECT 1;\n  \n-- The end.\n-- +goose Down\nSELECT 2;\n",
		"the same before a statement":       "-- +goose Up\nSELECT 1;\n  \n-- The next.\nSELECT 2;\n",
		"a line of blanks before Down":      "-- +goose Up\nSELECT 1;\n  \n-- +goose Down\nSELECT 2;\n",
		"a line of blanks before the block": "-- +goose Up\nSELECT 1;\n\t\n-- +goose StatementBegin\nSELECT 2;\n-- +goose StatementEnd\n",
	} {
		set, err := migrate.Load(numbered(text))
		if errors.Is(err, migrate.ErrInvalid) {
			continue
		}
		if ran, err := apply(t.Context(), memory(t), set); err != nil || len(ran) != 1 {
			t.Errorf("%s: was loaded and then: %v", name, err)
		}
	}
}

// What the annotation is there for is a PRAGMA that has nothing to switch here; the
// migration is as atomic as others.
func TestAMigrationThatWantsNoTransactionRunsInTheOneOfAll(t *testing.T) {
	good := "-- +goose NO TRANSACTION\n-- +goose Up\nPRAGMA foreign_keys=OFF;\nCREATE TABLE a (x);\nINSERT INTO a VALUES (1);\nPRAGMA foreign_keys=ON;\n"
	conn := memory(t)
	mustApply(t, conn, load(t, numbered("CREATE TABLE first (x);", good)))
	if got := rows(t, conn, "SELECT x FROM a"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("it left %q", got)
	}
	conn = memory(t)
	_, err := apply(t.Context(), conn, load(t, numbered("CREATE TABLE first (x);", good+"INSERT INTO nowhere VALUES (1);\n")))
	if err == nil {
		t.Fatal("the second migration did not fail")
	}
	if got := rows(t, conn, "SELECT name FROM sqlite_schema"); len(got) > 0 {
		t.Errorf("after the failure there is %q", got)
	}
	conn = memory(t)
	_, err = apply(t.Context(), conn, load(t, numbered("-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM;\n")))
	if err == nil {
		t.Error("VACUUM ran within a transaction")
	}
}

// Two programs that opened a new global file at once: one found no version table, and the other made it
// before the first could ask which table it was.
func TestTablesThatAreMadeBetweenTwoLooksAreRead(t *testing.T) {
	conn, set := memory(t), load(t, numbered("CREATE TABLE a (x);", "CREATE TABLE b (x);"))
	if ran, begun, err := set.Lacking(conn); ran != 0 || begun || err != nil {
		t.Errorf("before: %d, %t, %v", ran, begun, err)
	}
	mustApply(t, conn, set)
	if ran, begun, err := set.Lacking(conn); ran != 2 || !begun || err != nil {
		t.Errorf("after: %d, %t, %v", ran, begun, err)
	}
	exec(t, conn, "DROP TABLE silo_migration")
	if ran, begun, err := set.Lacking(conn); ran != 2 || begun || err != nil {
		t.Errorf("without the ledger: %d, %t, %v", ran, begun, err)
	}
}
