package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// history are migrations of all kinds, in order.
var history = []string{
	"CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT NOT NULL);",
	"CREATE TABLE pages (id INTEGER PRIMARY KEY, folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE, body TEXT);\nCREATE INDEX pages_folder ON pages (folder);",
	"INSERT INTO folders VALUES (1, 'a'), (2, 'b');\nINSERT INTO pages VALUES (1, 1, 'x'), (2, 2, 'y');",
	`-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER shout AFTER INSERT ON pages BEGIN
	UPDATE pages SET body = upper(body) WHERE id = new.id;
	UPDATE folders SET name = name || '!' WHERE id = new.folder;
END;
-- +goose StatementEnd
-- +goose Down
DROP TRIGGER shout;
`,
	// The trigger names the table that is rebuilt, hence the second PRAGMA.
	`PRAGMA foreign_keys=OFF;
PRAGMA legacy_alter_table=ON;
CREATE TABLE folders_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, colour TEXT NOT NULL DEFAULT 'red');
INSERT INTO folders_new (id, name) SELECT id, name FROM folders;
DROP TABLE folders;
ALTER TABLE folders_new RENAME TO folders;
PRAGMA foreign_key_check;
PRAGMA legacy_alter_table=OFF;
PRAGMA foreign_keys=ON;`,
	"CREATE VIRTUAL TABLE search USING fts5(body);",
	"-- +goose Up\n-- +goose Down\n",
	"CREATE VIEW coloured AS SELECT id FROM folders WHERE colour <> 'red';",
}

func TestApplyRunsWhatIsPendingAndThenNothingIs(t *testing.T) {
	conn, set := memory(t), load(t, numbered(history...))
	if n, err := set.Pending(conn); err != nil || n != len(history) {
		t.Fatalf("at first %d are pending, %v", n, err)
	}
	ran := mustApply(t, conn, set)
	if len(ran) != len(history) || ran[0] != "00001_step.sql" || ran[7] != "00008_step.sql" {
		t.Errorf("ran %q", ran)
	}
	if n, err := set.Pending(conn); err != nil || n != 0 {
		t.Errorf("then %d are pending, %v", n, err)
	}
	before := dump(t, conn)
	if again := mustApply(t, conn, set); len(again) != 0 {
		t.Errorf("the second time %q ran", again)
	}
	if diff := cmp.Diff(before, dump(t, conn)); diff != "" {
		t.Errorf("the second time changed\n%s", diff)
	}
}

func TestARebuildOfAParentKeepsItsChildren(t *testing.T) {
	conn := memory(t)
	mustApply(t, conn, load(t, numbered(history...)))
	if got := rows(t, conn, "SELECT pages.id, folders.name, colour FROM pages JOIN folders ON folders.id = folder ORDER BY 1"); !slices.Equal(got, []string{"1|a|red", "2|b|red"}) {
		t.Errorf("there are %q", got)
	}
	// The migration's own PRAGMA does nothing inside the transaction.
	if got := rows(t, conn, "PRAGMA foreign_keys"); got[0] != "0" {
		t.Errorf("foreign_keys is %s", got[0])
	}
	exec(t, conn, "INSERT INTO pages VALUES (3, 1, 'loud')")
	if got := rows(t, conn, "SELECT body, name FROM pages JOIN folders ON folders.id = folder WHERE pages.id = 3"); got[0] != "LOUD|a!" {
		t.Errorf("the trigger left %q", got)
	}
}

func TestStepsLeaveWhatOneStepLeaves(t *testing.T) {
	whole := memory(t)
	mustApply(t, whole, load(t, numbered(history...)))
	want := dump(t, whole)
	rapid.Check(t, func(rt *rapid.T) {
		conn := memory(t)
		at := 0
		for _, n := range append(rapid.SliceOf(rapid.IntRange(1, len(history))).Draw(rt, "prefixes"), len(history)) {
			set := load(t, numbered(history[:n]...))
			before := dump(t, conn)
			pending, pendingErr := set.Pending(conn)
			ran, err := apply(t.Context(), conn, set)
			if n < at {
				if !errors.Is(err, migrate.ErrAhead) || !errors.Is(pendingErr, migrate.ErrAhead) || len(ran) != 0 || !slices.Equal(before, dump(t, conn)) {
					rt.Fatalf("%d on a database at %d: %v, %v, ran %q", n, at, err, pendingErr, ran)
				}
				continue
			}
			if err != nil || pendingErr != nil || pending != n-at || len(ran) != n-at {
				rt.Fatalf("%d on a database at %d: %v, %v, %d pending, ran %q", n, at, err, pendingErr, pending, ran)
			}
			at = n
		}
		if diff := cmp.Diff(want, dump(t, conn)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestAFailingMigrationLeavesNothingOfAnyThatWasPending(t *testing.T) {
	for name, bad := range map[string]string{
		"statement":   "CREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);",
		"rows":        "CREATE TABLE half (a UNIQUE);\nINSERT INTO half VALUES (1), (1);",
		"rollback":    "CREATE TABLE half (a UNIQUE);\nINSERT INTO half VALUES (1);\nINSERT OR ROLLBACK INTO half VALUES (1);",
		"foreign key": "CREATE TABLE half (a REFERENCES folders (id));\nINSERT INTO half VALUES (99);",
		"attach":      "CREATE TABLE half (a);\nATTACH 'other.db' AS other;",
		"pragma":      "CREATE TABLE half (a);\nPRAGMA user_version = 7;",
	} {
		t.Run(name, func(t *testing.T) {
			for _, start := range []int{0, 2} {
				conn := memory(t)
				if start > 0 {
					mustApply(t, conn, load(t, numbered(history[:start]...)))
				}
				before := dump(t, conn)
				set := load(t, numbered(append(slices.Clone(history[:3]), bad, "CREATE TABLE later (a);")...))
				ran, err := apply(t.Context(), conn, set)
				var of *migrate.Error
				if !errors.Is(err, migrate.ErrFailed) || !errors.As(err, &of) || of.File != "00004_step.sql" || of.Version != 4 || len(ran) > 0 {
					t.Errorf("got %v, ran %q", err, ran)
				}
				if diff := cmp.Diff(before, dump(t, conn)); diff != "" {
					t.Errorf("it left\n%s", diff)
				}
				if n, err := set.Pending(conn); err != nil || n != 5-start {
					t.Errorf("%d are pending, %v", n, err)
				}
				// The same file, mended.
				mustApply(t, conn, load(t, numbered(append(slices.Clone(history[:3]), "CREATE TABLE half (a);")...)))
			}
		})
	}
}

func TestAFailureTellsFileAndLine(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"statement": {"-- +goose Up\n-- A comment.\nCREATE TABLE a (x);\n\nINSERT INTO nowhere\nVALUES (1);\n", "00001_step.sql:5: migration failed: no such table: nowhere (SQLite code 1)"},
		"first":     {"-- +goose Up\nCREATE TABEL a (x);\n", "00001_step.sql:2: migration failed: near \"TABEL\": syntax error (SQLite code 1)"},
		"trigger": {"-- +goose Up\nCREATE TABLE a (x);\n-- +goose StatementBegin\nCREATE TRIGGER g AFTER INSERT ON nowhere BEGIN\n\tSELECT 1;\nEND;\n-- +goose StatementEnd\n",
			"00001_step.sql:4: migration failed: no such table: main.nowhere (SQLite code 1)"},
		"Windows": {"-- +goose Up\r\nCREATE TABLE a (x);\r\nDROP TABLE nowhere;\r\n", "00001_step.sql:3: migration failed: no such table: nowhere (SQLite code 1)"},
		"refused": {"-- +goose Up\nSELECT 1;\nATTACH 'x' AS y;\n", "00001_step.sql:3: migration failed: ATTACH and VACUUM INTO are refused: a tenant's connection reaches no other file (SQLite code 23)"},
		"foreign key": {"-- +goose Up\nCREATE TABLE p (id INTEGER PRIMARY KEY);\nCREATE TABLE c (p REFERENCES p);\nINSERT INTO c VALUES (NULL), (7), (8);\n",
			"00001_step.sql: migration failed: it leaves rows of table c that refer to rows of p which do not exist, the first has rowid 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := apply(t.Context(), memory(t), load(t, numbered(tt.text)))
			var of *migrate.Error
			if !errors.As(err, &of) || of.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestForeignKeysAreCheckedBeforeAVersionIsRecorded(t *testing.T) {
	conn := memory(t)
	// Broken by the second migration, mended by the third: the second is at fault.
	_, err := apply(t.Context(), conn, load(t, numbered(history[0]+"\n"+history[1], "INSERT INTO pages VALUES (1, 9, 'x');", "INSERT INTO folders VALUES (9, 'late');")))
	var of *migrate.Error
	if !errors.As(err, &of) || of.File != "00002_step.sql" {
		t.Errorf("got %v", err)
	}
}

func TestAFileWithAnotherHistoryIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		ran, set []string
		remove   string // a file of the set
		want     error
		text     string
	}{
		"ahead": {history[:3], history[:2], "", migrate.ErrAhead,
			"the database is ahead of this program's migrations: migration 3 (00003_step.sql) has run on it, this program's newest is 2; run the newer release, or mark its migrations with `-- silo: compatible-with 2` where this one can live with them"},
		"edited": {history[:3], []string{history[0], history[1] + "\nSELECT 1;", history[2]}, "", migrate.ErrDiverged,
			"00002_step.sql: the database has another migration history: another text of migration 2 has run; restore the file as it was released and put the change into a new migration"},
		"removed": {history[:3], history[:3], "00002_step.sql", migrate.ErrDiverged,
			"00003_step.sql: the database has another migration history: migration 2 (00002_step.sql) has run and is not among this program's"},
		"compatible down to 1": {[]string{history[0], "-- silo: compatible-with 1\n-- +goose Up\nSELECT 1;\n"}, history[:1], "", nil, ""},
		"one of two compatible": {[]string{history[0], "-- silo: compatible-with 1\n-- +goose Up\nSELECT 1;\n", "SELECT 2;"}, history[:1], "", migrate.ErrAhead,
			"the database is ahead of this program's migrations: migration 3 (00003_step.sql) has run on it, this program's newest is 1; run the newer release, or mark its migrations with `-- silo: compatible-with 1` where this one can live with them"},
		"compatible, but not so far": {[]string{history[0], history[1], "-- silo: compatible-with 2\n-- +goose Up\nSELECT 1;\n"}, history[:1], "", migrate.ErrAhead,
			"the database is ahead of this program's migrations: migration 2 (00002_step.sql) has run on it, this program's newest is 1; run the newer release, or mark its migrations with `-- silo: compatible-with 1` where this one can live with them"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := memory(t)
			mustApply(t, conn, load(t, numbered(tt.ran...)))
			fsys := numbered(tt.set...)
			delete(fsys, tt.remove)
			set, before := load(t, fsys), dump(t, conn)
			_, pendingErr := set.Pending(conn)
			ran, applyErr := apply(t.Context(), conn, set)
			for _, err := range []error{pendingErr, applyErr} {
				if !errors.Is(err, tt.want) || err != nil && err.Error() != tt.text {
					t.Errorf("got  %v\nwant %s", err, tt.text)
				}
			}
			if after := dump(t, conn); len(ran) > 0 || !slices.Equal(before, after) {
				t.Errorf("%q ran and left %s", ran, cmp.Diff(before, after))
			}
		})
	}
}

func TestAMigrationMergedLateIsRefused(t *testing.T) {
	conn := memory(t)
	late := numbered("SELECT 1;", "SELECT 2;", "SELECT 3;")
	without := numbered("SELECT 1;", "SELECT 2;", "SELECT 3;")
	delete(without, "00002_step.sql")
	mustApply(t, conn, load(t, without))
	_, err := load(t, late).Pending(conn)
	const want = "00002_step.sql: the database has another migration history: migration 2 has not run, but the later 3 has; give a migration that was merged late a number after those released"
	if !errors.Is(err, migrate.ErrDiverged) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestTheEndOfTheContextStopsAMigrationAndLeavesNothing(t *testing.T) {
	conn := memory(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	conn.Watch(ctx, 0)
	endless := "CREATE TABLE a (x);\nINSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;"
	_, err := apply(ctx, conn, load(t, numbered(endless)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	conn.Unwatch()
	if got := dump(t, conn); len(got) > 0 {
		t.Errorf("it left %q", got)
	}
}

func TestManyMigrationsRunInOrder(t *testing.T) {
	var texts, want []string
	for i := range 200 {
		texts = append(texts, fmt.Sprintf("CREATE TABLE IF NOT EXISTS steps (n);\nINSERT INTO steps SELECT count(*) || ' %d' FROM steps;", i))
		want = append(want, fmt.Sprintf("%d %[1]d", i))
	}
	path := newFile(t)
	mustApply(t, open(t, path, sqlite.Create), load(t, numbered(texts...)))
	if got := rows(t, open(t, path, sqlite.ReadWrite), "SELECT n FROM steps ORDER BY rowid"); !slices.Equal(got, want) {
		t.Errorf("got %s", strings.Join(got, ", "))
	}
}

func TestAForeignKeyThatIsNoneHidesNoOther(t *testing.T) {
	const schema = `CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE faulty (p TEXT REFERENCES p (name));
CREATE TABLE dangling (x REFERENCES nowhere (id), p REFERENCES p);
CREATE TABLE sound (p REFERENCES P);
INSERT INTO faulty VALUES ('a');
INSERT INTO dangling VALUES (7, NULL);`
	mustApply(t, memory(t), load(t, numbered(schema)))
	for table, want := range map[string]string{
		"sound":    "00001_step.sql: migration failed: it leaves rows of table sound that refer to rows of p which do not exist, the first has rowid 1",
		"dangling": "00001_step.sql: migration failed: it leaves rows of table dangling that refer to rows of p which do not exist, the first has rowid 2",
	} {
		_, err := apply(t.Context(), memory(t), load(t, numbered(schema+"\nINSERT INTO "+table+" (p) VALUES (9);")))
		var of *migrate.Error
		if !errors.As(err, &of) || !strings.EqualFold(of.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
