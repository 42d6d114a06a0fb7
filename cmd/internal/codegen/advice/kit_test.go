package advice_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// say writes findings one a line, as they are told.
func say(found []advice.Finding) string {
	var lines []string
	for _, f := range found {
		line := fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Column)
		if f.Refuse {
			line += "refused: "
		}
		if f.Query != "" {
			line += "query " + f.Query + ": "
		}
		lines = append(lines, line+f.Message)
	}
	return strings.Join(lines, "\n")
}

// files numbers migrations from 1; each is an Up.
func files(ups ...string) []advice.File {
	var out []advice.File
	for i, up := range ups {
		out = append(out, advice.File{Path: fmt.Sprintf("%d.sql", i+1), Text: "-- +goose Up\n" + up + "\n"})
	}
	return out
}

// migrate runs migrations and returns the database they make.
func migrate(t testing.TB, fsys fs.FS) *sqlcheck.DB {
	t.Helper()
	db, err := sqlcheck.Open(t.Context(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// schemaOf runs migrations and reads what they leave.
func schemaOf(t testing.TB, migrations []advice.File) *advice.Schema {
	t.Helper()
	made, err := migrate(t, asFS(migrations)).Objects()
	if err != nil {
		t.Fatal(err)
	}
	return advice.Read(migrations, made)
}

// allFindings returns what there is to say of migrations whatever the queries are.
func allFindings(s *advice.Schema) []advice.Finding {
	return slices.Concat(s.Findings(), s.Times(func(string, string) bool { return true }))
}

func asFS(of []advice.File) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i, f := range of {
		fsys[fmt.Sprintf("%05d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	return fsys
}

// plan reads queries, each named by its place, and asks SQLite for their plans.
func plan(t testing.TB, db *sqlcheck.DB, file, text string) []advice.Planned {
	t.Helper()
	queries, problems := sqltext.ParseFile(file, text)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	var planned []advice.Planned
	for i := range queries {
		steps, err := db.Plan(queries[i].Text())
		if err != nil {
			t.Fatalf("%s: %v", queries[i].Text(), err)
		}
		planned = append(planned, advice.Planned{Query: &queries[i], Steps: steps})
	}
	return planned
}

// read reads the files of a folder of the project that match.
func read(t testing.TB, folder fs.FS, pattern string) []advice.File {
	t.Helper()
	names, err := fs.Glob(folder, pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %q, %v", pattern, names, err)
	}
	slices.Sort(names)
	var out []advice.File
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, advice.File{Path: filepath.ToSlash(name), Text: string(data)})
	}
	return out
}

// steps are a plan with something of everything.
var steps = []sqlcheck.PlanStep{
	{ID: 1, Detail: "SCAN big"}, {ID: 2, Detail: "SEARCH child USING AUTOMATIC COVERING INDEX (d=?)"}, {ID: 3, Detail: "USE TEMP B-TREE FOR ORDER BY"},
	{ID: 4, Detail: "CO-ROUTINE x"}, {ID: 5, Parent: 4, Detail: "SEARCH child USING INDEX child_by_big (big_id=?)"}, {ID: 6, Parent: 4, Detail: "USE TEMP B-TREE FOR GROUP BY"},
}

// parse returns the queries of a text, and how many problems it has.
func parse(text string) ([]sqltext.Query, int) {
	queries, problems := sqltext.ParseFile("q.sql", text)
	return queries, problems.Len()
}
