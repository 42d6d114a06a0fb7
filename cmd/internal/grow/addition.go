package grow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Request is what table to add.
type Request struct {
	Table   string
	Columns []string // each name:type[:option]…
	Block   string   // the package; empty for the only one, or that of tenants
	Now     time.Time
}

// Addition is a table that has not been added yet, or that is there.
type Addition struct {
	Block string // the package's name
	Table string

	// Files are to be written: the migration and the queries, with paths relative to the folder of the
	// configuration and with slashes. There are none if the table is there with the
	// same columns.
	Files []File

	// Notes are what to know about the table.
	Notes []string

	project *Project
	disk    disk
}

// Plan looks at a project and makes the files that add a table to it, and tries them on an
// in-memory database. The error is a [*SpecError] if there cannot be such a table, an [*ExistsError] if there is one with
// other columns, and a [*problem.Found] if the schema is wrong.
func (p *Project) Plan(ctx context.Context, request Request) (_ *Addition, err error) {
	if err := checkTable(request.Table); err != nil {
		return nil, err
	}
	columns, err := parseColumns(request.Columns)
	if err != nil {
		return nil, err
	}
	block, err := p.Block(request.Block)
	if err != nil {
		return nil, err
	}
	survey, err := codegen.NewSurvey(ctx, p.Root, p.Name, block)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, survey.Close()) }()
	t, err := newTable(request.Table, columns, mannerOf(survey.Tables()))
	if err != nil {
		return nil, err
	}
	if err := t.resolve(survey); err != nil {
		return nil, err
	}
	a := &Addition{Block: block.Package, Table: t.name, project: p}
	if object, ok := survey.Object(t.name); ok {
		return a, t.compare(survey, object)
	}
	return a, a.plan(ctx, t, block, survey, request.Now)
}

// plan makes the files.
func (a *Addition) plan(ctx context.Context, t *table, block config.Block, survey *codegen.Survey, now time.Time) error {
	schema, err := a.project.folderOf(block.Schema, "migrations")
	if err != nil {
		return err
	}
	folder, err := a.project.folderOf(block.Queries, "queries")
	if err != nil {
		return err
	}
	queries := t.queries(survey)
	if err := t.checkNames(survey, queries, path.Join(folder, t.name+".sql")); err != nil {
		return err
	}
	migration := path.Join(schema, seriesOf(survey.Migrations).next(now)+"_"+t.name+".sql")
	var statements []string
	for _, q := range queries {
		statements = append(statements, q.sql)
	}
	if err := survey.Try(ctx, migration, t.migration(), statements); err != nil {
		return fmt.Errorf("table %s: %w", t.name, err)
	}
	a.Files = []File{{path.Join(folder, t.name+".sql"), queryFile(queries)}, {migration, t.migration()}}
	if t.manner == strict {
		a.Notes = t.strictNotes()
	}
	return a.checkFree()
}

// checkFree refuses a file of queries that somebody has written. One that says the same is that of
// a run which was ended before it wrote the migration.
func (a *Addition) checkFree() error {
	queries := a.Files[0]
	data, err := os.ReadFile(a.project.path(queries.Path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case string(data) != queries.Text:
		return fmt.Errorf("%s is there, and no file is ever edited: give it another name, or write the table by hand", queries.Path)
	}
	return nil
}

// strictNotes say what Go makes of columns of a STRICT table.
func (t *table) strictNotes() (notes []string) {
	goTypes := map[kind]string{boolean: "bool", moment: "time.Time", document: "encoding/json.RawMessage"}
	for _, c := range t.all() {
		if goType, ok := goTypes[c.kind]; ok {
			notes = append(notes, fmt.Sprintf("overrides in the options of sqlc.yaml make Go's own type of %s: {column: %s.%s, go_type: %s}", c.name, t.name, c.name, goType))
		}
	}
	return notes
}

// mannerOf is how the tables of a schema are declared: if each is STRICT, a new one is too.
func mannerOf(tables []sqlcheck.Object) manner {
	for _, object := range tables {
		if !isStrict(object.SQL) {
			return loose
		}
	}
	if len(tables) == 0 {
		return loose
	}
	return strict
}

// isStrict reports whether a CREATE TABLE says STRICT, which it does behind the last parenthesis.
func isStrict(create string) bool {
	words := sqltext.Significant(sqltext.Scan(create))
	for i := len(words) - 1; i >= 0 && !words[i].Is(")"); i-- {
		if strings.EqualFold(words[i].Text, "STRICT") {
			return true
		}
	}
	return false
}
