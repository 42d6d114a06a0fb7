package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/cli"
	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/corpus"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
)

// TestMain makes the test binary the silo that is tried.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == codegen.ChildArg || os.Args[1] == plugin.Method || os.Args[1] == "generate") {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

func TestEachQueryOfACorpusIsJudged(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{
		"shop/sqlc.yaml": "version: \"2\"\nsql:\n- {engine: sqlite, schema: schema.sql, queries: queries.sql, gen: {go: {package: shop, out: shop, emit_interface: true, overrides: [{column: items.note, go_type: example.com/shop/internal/kinds.Note}]}}}\n",
		"shop/schema.sql": "PRAGMA foreign_keys = on;\nCREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL, note TEXT);\n" +
			"CREATE TRIGGER named BEFORE INSERT ON items WHEN NEW.name = '' BEGIN SELECT RAISE(ABORT, 'no name'); END;\n" +
			"CREATE TABLE tokens (token TEXT NOT NULL PRIMARY KEY DEFAULT (hex(randomblob (8))), owner INTEGER NOT NULL);\n" +
			"CREATE TABLE nothings (number INTEGER NOT NULL CHECK (number < 1 AND number > 1));\n",
		"shop/queries.sql": `-- name: GetItem :one
SELECT * FROM items WHERE id = ?;
-- name: FindItems :many
SELECT id, name FROM items WHERE name LIKE @pattern AND id IN (sqlc.slice(ids)) ORDER BY id;
-- name: AddItem :one
INSERT INTO items (name, price, note) VALUES (@name, @price, sqlc.narg(note)) RETURNING *;
-- name: Reprice :execrows
UPDATE items SET price = price * @factor WHERE id <= @last;
-- name: lowerCase :exec
DELETE FROM items WHERE id = @id;
-- name: Random :one
SELECT random() AS number;
-- name: AddToken :one
INSERT INTO tokens (owner) VALUES (?) RETURNING *;
-- name: AddNothing :exec
INSERT INTO nothings (number) VALUES (?);
-- name: NoSuchTable :many
SELECT * FROM orders;
-- name: NoSuchColumn :exec
UPDATE items SET nmae = 'x';
`,
		"elsewhere/sqlc.json": "{",
	}
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report, err := corpus.Run(t.Context(), corpus.Options{Root: root, Silo: self, Checkout: "../../../..", Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]corpus.Class{}
	for _, q := range report.Queries {
		got[q.Name] = q.Class
		if q.Class == corpus.Accepted && q.Draws == 0 {
			t.Errorf("%s was not run", q.Name)
		}
		// Plain sqlc does not look at the columns that UPDATE sets.
		if q.Handled == (q.Name == "NoSuchTable") {
			t.Errorf("%s: handled by plain sqlc is %v", q.Name, q.Handled)
		}
	}
	want := map[string]corpus.Class{
		"GetItem": corpus.Accepted, "FindItems": corpus.Accepted, "AddItem": corpus.Accepted, "Reprice": corpus.Accepted, "lowerCase": corpus.Accepted,
		"Random": corpus.NotComparable, "AddToken": corpus.NotComparable, "AddNothing": corpus.Never, "NoSuchTable": corpus.Refused, "NoSuchColumn": corpus.Refused,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(report.Skipped) != 1 || report.Skipped[0].Path != "elsewhere/sqlc.json" {
		t.Errorf("passed over: %v", report.Skipped)
	}
	if !report.Sound() {
		t.Error("the report is not sound")
	}
}
