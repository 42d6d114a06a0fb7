package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// image returns a copy of the database's image.
func image(t testing.TB, c *sqlite.Conn) (out []byte) {
	t.Helper()
	if err := c.Image(func(image []byte) error { out = bytes.Clone(image); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestADatabaseInMemoryIsLoadedChangedAndWrittenToAFile(t *testing.T) {
	first := image(t, memory(t, sqlite.Queries, "CREATE TABLE t (a)", "INSERT INTO t VALUES ('first')"))
	before := bytes.Clone(first)
	c := memory(t, sqlite.Queries)
	for range 2 { // a second Load begins anew
		if err := c.Load(first); err != nil {
			t.Fatal(err)
		}
		exec(t, c, "INSERT INTO t VALUES ('second')")
		wantText(t, c, "SELECT count(*) FROM t", "2")
	}
	second := image(t, c)
	sqlite.MarkWAL((*[sqlite.HeaderSize]byte)(second))
	path := filepath.Join(folder(t), "tenant.db")
	if err := os.WriteFile(path, second, 0o600); err != nil {
		t.Fatal(err)
	}
	back := open(t, path, sqlite.Config{})
	wantText(t, back, "SELECT group_concat(a) FROM t", "first,second")
	wantText(t, back, "PRAGMA journal_mode", "wal")
	wantText(t, back, "PRAGMA integrity_check", "ok")
	if !bytes.Equal(first, before) {
		t.Error("the image that was loaded has changed")
	}
}

func TestAnImageThatIsNoDatabaseIsRefused(t *testing.T) {
	whole := image(t, memory(t, sqlite.Queries, "CREATE TABLE t (a)"))
	for name, broken := range map[string][]byte{
		"text":      []byte(strings.Repeat("no database ", 100)),
		"truncated": whole[:len(whole)/2],
		"empty":     {},
	} {
		c := memory(t, sqlite.Queries)
		if err := c.Load(broken); err == nil && c.Exec("INSERT INTO t VALUES (1)") == nil {
			t.Errorf("%s was taken for a database", name)
		}
	}
}

func TestWhatVariesIsRefusedWhenItIsRunAndNotWhenItIsNamed(t *testing.T) {
	c := memory(t, sqlite.Queries)
	if err := c.RefuseVarying(); err != nil {
		t.Fatal(err)
	}
	exec(t, c, `CREATE TABLE t (a, at TEXT DEFAULT CURRENT_TIMESTAMP, b TEXT DEFAULT (hex(randomblob(4))))`,
		"INSERT INTO t (at, b) VALUES ('given', 'given')",
		"CREATE INDEX t_day ON t (strftime('%Y', a)) WHERE a IS NOT NULL",
		"CREATE VIEW now AS SELECT datetime('now')",
		"CREATE TRIGGER t_at AFTER UPDATE ON t BEGIN UPDATE t SET at = datetime('now'); END")
	for _, sql := range []string{
		"INSERT INTO t (a) VALUES (1)", "INSERT INTO t (at) VALUES (1)", "SELECT * FROM now", "UPDATE t SET a = NULL",
		"SELECT random()", "SELECT randomblob(4)", "SELECT a FROM t ORDER BY random()", "SELECT current_date", "SELECT current_time",
		"SELECT current_timestamp", "SELECT date('now')", "SELECT time('now')", "SELECT datetime()", "SELECT julianday('now')",
		"SELECT unixepoch()", "SELECT strftime('%s', 'now')", "SELECT timediff('now', '2000-01-01')", "SELECT c FROM (SELECT a, date('now') AS c FROM t)",
	} {
		if err := c.Exec(sql); err == nil || !strings.Contains(err.Error(), "asks for the time or for something random") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	exec(t, c, "SELECT abs(-1), hex('a'), upper('b'), printf('%d', 1)")
}

func TestATemplateIsNotToldWhoseItIs(t *testing.T) {
	setup := []string{"CREATE TABLE silo_file (tenant)", "CREATE TABLE goose_db_version (version_id, tstamp)", "CREATE VIEW v AS SELECT * FROM silo_file"}
	c := memory(t, sqlite.Template, setup...)
	for _, sql := range []string{"SELECT tenant FROM silo_file", "SELECT count(*) FROM silo_file", "SELECT * FROM v", "SELECT max(tstamp) FROM goose_db_version"} {
		if err := app(c, sql); err == nil || !strings.Contains(err.Error(), "another for each tenant") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if err := app(c, "SELECT version_id FROM goose_db_version"); err != nil {
		t.Error(err)
	}
	if err := app(c, "CREATE TABLE t (a)"); err != nil {
		t.Error(err)
	}
	if err := app(c, "INSERT INTO silo_file VALUES (1)"); err == nil {
		t.Error("it writes whose it is")
	}
}
