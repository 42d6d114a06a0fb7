package codegen

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkGenerate is a whole run, without the start of the program: of a project in
// which one query has changed, and of one in which nothing has.
func BenchmarkGenerate(b *testing.B) {
	for _, queries := range []int{30, 300} {
		for _, changing := range []string{"one query changed", "nothing changed"} {
			b.Run(fmt.Sprintf("%d queries/%s", queries, changing), func(b *testing.B) {
				b.Setenv("XDG_CACHE_HOME", b.TempDir())
				root := benchProject(b, queries)
				generateIn(b, root)
				for i := 0; b.Loop(); i++ {
					if changing == "one query changed" {
						writeQueries(b, root, queries, fmt.Sprintf("-- name: Changing :one\nSELECT %d AS n;\n", i))
					}
					generateIn(b, root)
				}
			})
		}
	}
}

func generateIn(b *testing.B, root string) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	plan, err := NewPlan(b.Context(), Options{Config: filepath.Join(root, "sqlc.yaml"), Self: self})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := plan.Commit(); err != nil {
		b.Fatal(err)
	}
}

// benchProject is a project with ten tables, each from a migration of its own.
func benchProject(b *testing.B, queries int) string {
	b.Helper()
	root := b.TempDir()
	for _, dir := range []string{"schema", "queries"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	write(b, filepath.Join(root, "sqlc.yaml"), `version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen
        options: {package: gen, kind: tenant, migrations: "example.com/elsewhere.Migrations"}
`)
	for i := range 10 {
		write(b, filepath.Join(root, "schema", fmt.Sprintf("%05d_t.sql", i+1)), fmt.Sprintf(`-- +goose Up
-- silo: small
CREATE TABLE t%d (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT, at DATETIME NOT NULL, ok BOOLEAN NOT NULL);
-- +goose Down
DROP TABLE t%[1]d;
`, i))
	}
	writeQueries(b, root, queries, "")
	return root
}

func writeQueries(b *testing.B, root string, queries int, more string) {
	b.Helper()
	var text strings.Builder
	for i := range queries {
		fmt.Fprintf(&text, `-- name: Find%d :many
SELECT t.*, o.note AS other FROM t%d AS t LEFT JOIN t%d AS o ON o.name = t.name
WHERE t.id > @after AND (t.name LIKE @pattern OR t.id IN (sqlc.slice(ids))) ORDER BY t.id LIMIT @most;

`, i, i%10, (i+1)%10)
	}
	write(b, filepath.Join(root, "queries", "q.sql"), text.String()+more)
}

func write(b *testing.B, file, text string) {
	b.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}
