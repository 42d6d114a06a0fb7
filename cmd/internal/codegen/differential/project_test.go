package differential

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver that statements are tried with
	"pgregory.net/rapid"
)

// project is a sqlc project.
type project struct {
	files   map[string]string // by their paths, but for the queries
	queries []query
}

// with returns the text of a project with the given queries alone, or with all when
// none is given, so that it can be made a case of its own.
func (p project) with(names ...string) string {
	var text strings.Builder
	for _, path := range slices.Sorted(maps.Keys(p.files)) {
		fmt.Fprintf(&text, "\n===== %s\n%s", path, p.files[path])
	}
	fmt.Fprintf(&text, "\n===== queries/all.sql")
	for _, q := range p.queries {
		if len(names) == 0 || slices.Contains(names, q.name) {
			text.WriteString("\n" + q.String())
		}
	}
	return text.String()
}

// GoString is short, for rapid prints it, and a failure prints what matters.
func (p project) GoString() string { return fmt.Sprintf("a project of %d queries", len(p.queries)) }

// write writes the files below a folder.
func (p project) write(dir string) error {
	var text strings.Builder
	text.WriteString("-- Queries, drawn: “äöü” 🙂.\n")
	for _, q := range p.queries {
		text.WriteString("\n" + q.String())
	}
	files := maps.Clone(p.files)
	files["queries/all.sql"] = text.String()
	for path, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// always is a query that every project has. It is refused with the schema alone.
const always = "Always"

// drawProject draws a schema, queries on it and options.
func drawProject(t *rapid.T) project {
	db, s := drawTried(t)
	defer db.Close()
	p := project{files: map[string]string{"schema/00001_schema.sql": migration(s.up), "sqlc.yaml": configuration(&drawer{t})}}
	if len(s.later) > 0 {
		p.files["schema/00002_later.sql"] = migration(s.later)
	}
	queries := rapid.Custom(drawQuery(s)).Filter(func(q query) bool {
		rows, err := db.Query("EXPLAIN "+q.plain, q.args...)
		return err == nil && rows.Close() == nil
	})
	names := names{}
	for range 5 { // lists are drawn short, and become shorter when a failing case is shrunk
		for _, q := range rapid.SliceOfN(queries, 0, 20).Draw(t, "queries") {
			q.name = names.take(t, []string{"GetIt", "ListAll", "Find", "Change", "Type", "ByURL", "lookUp", "CountIt"})
			p.queries = append(p.queries, q)
		}
	}
	p.queries = append(p.queries, query{name: always, command: "one", text: "SELECT 1 AS one"})
	return p
}

// drawTried draws a schema that SQLite accepts, and returns a database with it.
func drawTried(t *rapid.T) (*sql.DB, *schema) {
	var db *sql.DB
	s := rapid.Custom(drawSchema).Filter(func(s *schema) bool {
		opened, err := sql.Open("sqlite", ":memory:?_dqs=0")
		if err != nil {
			t.Fatal(err)
		}
		opened.SetMaxOpenConns(1)
		for _, statement := range slices.Concat(s.up, s.later) {
			if _, err := opened.Exec(statement); err != nil {
				opened.Close()
				return false
			}
		}
		db = opened
		return true
	}).Draw(t, "schema")
	return db, s
}

// migration writes statements as goose reads them.
func migration(statements []string) string {
	var text strings.Builder
	text.WriteString("-- +goose Up\n")
	for _, statement := range statements {
		if strings.HasPrefix(statement, "CREATE TRIGGER") || strings.Count(statement, ";") > 1 {
			statement = "-- +goose StatementBegin\n" + statement + "\n-- +goose StatementEnd"
		}
		text.WriteString(statement + "\n")
	}
	return text.String()
}

// configuration draws the options that change names and types.
func configuration(d *drawer) string {
	// Neither a table nor a column can have these names in Go: they have no upper case.
	rename := map[string]string{"日本": "Japan", "日本_2": "Japan2", "日本_3": "Japan3"}
	options := map[string]any{"package": "db", "out": "db", "rename": rename}
	for _, name := range []string{
		"emit_empty_slices", "emit_json_tags", "emit_db_tags", "emit_interface", "emit_exact_table_names", "omit_unused_structs",
		"emit_result_struct_pointers", "emit_params_struct_pointers", "emit_sql_as_comment", "json_tags_id_uppercase",
	} {
		if d.oneIn(5) {
			options[name] = true
		}
	}
	if d.oneIn(3) {
		options["emit_pointers_for_null_types"] = false
	}
	if d.oneIn(2) {
		options["query_parameter_limit"] = d.index(5)
	}
	if d.oneIn(5) {
		options["json_tags_case_style"] = d.pick("camel", "snake", "pascal", "none")
	}
	if d.oneIn(5) {
		options["initialisms"] = []string{"id", "url"}
	}
	var overrides []map[string]any
	for _, o := range []map[string]any{
		{"db_type": "JSON", "go_type": "string"},
		{"db_type": "DECIMAL(10,2)", "go_type": "float64"},
		{"db_type": "BIGINT", "go_type": "int64"},
		{"db_type": "SMALLINT", "go_type": "int"},
		{"db_type": "REAL", "go_type": map[string]any{"type": "float64", "pointer": true}, "nullable": true},
	} {
		if d.oneIn(6) {
			overrides = append(overrides, o)
		}
	}
	if overrides != nil {
		options["overrides"] = overrides
	}
	data, err := json.MarshalIndent(map[string]any{
		"version": "2",
		"sql":     []any{map[string]any{"engine": "sqlite", "schema": "schema", "queries": "queries", "gen": map[string]any{"go": options}}},
	}, "", "  ")
	if err != nil {
		d.Fatal(err)
	}
	return string(data) + "\n"
}
