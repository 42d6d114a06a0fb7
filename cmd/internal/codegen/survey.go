package codegen

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Survey is what is known of a block of a project before something is added to it. What is wrong
// with its queries is not looked at; a block may have no migrations and no queries yet.
type Survey struct {
	// Migrations are the files of the schema in goose's order, relative to the folder of
	// the configuration and with slashes.
	Migrations []string

	// Queries says for each name of a query where it is: file:line.
	Queries map[string]string

	generation *generation
	block      *block
	objects    []sqlcheck.Object
	db         *database // nil if there are no migrations
}

// NewSurvey looks at a block. root is the folder of the configuration, and file its name
// there. The error is a [*problem.Found] if the schema is wrong. The survey is closed with
// [Survey.Close].
func NewSurvey(ctx context.Context, root, file string, c config.Block) (*Survey, error) {
	b := &block{Block: c, config: file, unfit: map[string]unfit{}}
	s := &Survey{Queries: map[string]string{}, generation: &generation{root: root, file: file}, block: b}
	if sources, _ := b.sources(root, c.Schema); len(sources) > 0 {
		b.loadSchema(root, file, &s.generation.problems)
	}
	if err := s.generation.problems.Err(); err != nil {
		return nil, err
	}
	if b.foreign {
		return nil, fmt.Errorf("codegen: %s holds no goose migrations: make some of them first, with %q on the first line", b.place(), "-- +goose Up")
	}
	for _, m := range b.migrations {
		s.Migrations = append(s.Migrations, m.path)
	}
	if sources, err := b.sources(root, c.Queries); err == nil {
		b.files = sources
		b.parse()
	}
	for _, q := range b.queries {
		s.Queries[q.Name] = fmt.Sprintf("%s:%d", q.File, q.Line)
	}
	db, err := s.generation.open(ctx, b)
	if err == nil {
		err = s.generation.problems.Err()
	}
	if db != nil {
		s.db, s.objects = db, db.objects
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// sources reads the files that entries of the configuration name.
func (b *block) sources(root string, patterns []string) (sources []source, err error) {
	var problems problem.List
	for _, pattern := range patterns {
		names, failed := sqlFiles(root, pattern)
		err = errors.Join(err, failed)
		for _, name := range names {
			sources = append(sources, read(root, name, &problems))
		}
	}
	return sources, errors.Join(err, problems.Err())
}

// Close ends the survey.
func (s *Survey) Close() error {
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

// Tables returns the tables that the migrations make, without virtual ones.
func (s *Survey) Tables() []sqlcheck.Object {
	return slices.DeleteFunc(slices.Clone(s.objects), func(o sqlcheck.Object) bool { return o.Kind != sqlcheck.Table })
}

// Object returns what there is of a name, in capitals or not, among tables, views, indexes and triggers.
func (s *Survey) Object(name string) (sqlcheck.Object, bool) {
	for _, object := range s.objects {
		if strings.EqualFold(object.Name, name) {
			return object, true
		}
	}
	return sqlcheck.Object{}, false
}

// Columns returns the columns of a table.
func (s *Survey) Columns(table string) ([]sqlcheck.Column, error) {
	statement, err := s.db.Describe("SELECT * FROM " + sqltext.Quoted(table))
	return statement.Columns, err
}

// Rules returns what the schema says of the columns of a table beside their types, by their names in lower case.
func (s *Survey) Rules(table string) (map[string]sqlcheck.ColumnRule, error) {
	return s.db.Rules(table)
}

// Model returns the name of the struct that holds a row of a table, by the options of the block.
func (s *Survey) Model(table string) string { return namer{&s.block.Options}.modelName(table) }

// GoName returns the name that a name of SQL has in Go, by the options of the block.
func (s *Survey) GoName(name string) string { return namer{&s.block.Options}.goName(name) }

// Reserved reports whether each generated package of the block has something of the name.
func (s *Survey) Reserved(name string) bool {
	return slices.Contains(reserved, name) || s.block.Options.Interface && name == "Querier"
}

// Try runs the migrations, and one more of the text behind them, on a new database, and
// prepares the statements there. file is the name of the migration. What SQLite refuses is an error, and so is a foreign key
// that it could not follow.
func (s *Survey) Try(ctx context.Context, file, text string, statements []string) (err error) {
	b := *s.block
	b.migrations = append(slices.Clone(b.migrations), migration{source: source{path: file, text: text}, file: text, staged: path.Base(file)})
	db, err := b.migrated(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	faults, err := db.Keys()
	if err != nil {
		return err
	}
	before, err := s.keys()
	if err != nil {
		return err
	}
	for _, fault := range faults {
		if !slices.Contains(before, fault) {
			return fmt.Errorf("table %s: %s", fault.Table, fault.Message)
		}
	}
	for _, statement := range statements {
		if _, err := db.Describe(statement); err != nil {
			return fmt.Errorf("%w in %s", err, statement)
		}
	}
	return nil
}

// keys returns the foreign keys that were wrong before.
func (s *Survey) keys() ([]sqlcheck.Fault, error) {
	if s.db == nil {
		return nil, nil
	}
	return s.db.Keys()
}
