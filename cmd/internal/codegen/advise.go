package codegen

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// advise notes what is allowed in a block and will hurt later.
func (g *generation) advise(ctx context.Context, b *block, db *database) error {
	files := b.advised()
	if err := g.quoted(ctx, b, files); err != nil {
		return err
	}
	schema := advice.Read(files, db.objects)
	b.schema = schema
	if err := g.dangling(b, db); err != nil {
		return err
	}
	if err := g.faults(b, db); err != nil {
		return err
	}
	var planned []advice.Planned
	for _, q := range b.checked {
		steps, err := db.Plan(q.sql)
		if err != nil {
			return fmt.Errorf("codegen: the plan of query %s: %w", q.text.Name, err)
		}
		planned = append(planned, advice.Planned{Query: q.text, Steps: steps})
	}
	g.note(b, slices.Concat(schema.Findings(), schema.Times(b.takesTime), schema.Queries(planned)))
	if b.foreign {
		return nil
	}
	g.note(b, advice.Folder(b.beside(g.root)))
	reversible := sqlcheck.Reversible
	if b.Kind == config.Catalog {
		reversible = sqlcheck.ReversibleCatalog
	}
	downs, err := reversible(ctx, b.folder())
	if err != nil {
		return fmt.Errorf("codegen: undo the migrations: %w", err)
	}
	for _, down := range downs {
		g.problems.Warn(b.migration(down.File).path, down.Line, "%s", down.Message)
	}
	return nil
}

// quoted tells the strings in double quotes in migrations.
func (g *generation) quoted(ctx context.Context, b *block, files []advice.File) (err error) {
	if !advice.HasQuoted(files) {
		return nil
	}
	strict, err := sqlcheck.OpenStrict(ctx)
	if err != nil {
		return fmt.Errorf("codegen: %w", err)
	}
	defer func() { err = errors.Join(err, strict.Close()) }()
	g.note(b, advice.Quoted(files, strict.Run))
	return nil
}

// dangling tells the foreign keys to tables that are not there, at the place where they
// can be mended.
func (g *generation) dangling(b *block, db *database) error {
	references, err := db.Dangling()
	if err != nil {
		return fmt.Errorf("codegen: %w", err)
	}
	for _, r := range references {
		p := b.columnAt(r.Table, r.Column)
		p.Severity = problem.Warning
		meant := ""
		if name := nearest.Name(r.Parent, db.tables()); name != "" {
			meant = " (did you mean " + name + "?)"
		}
		p.Message = fmt.Sprintf("%s.%s refers to %s, and there is no such table%s, so that every write to %s fails: mend the reference, or make the table",
			r.Table, r.Column, r.Parent, meant, r.Table)
		g.problems.Put(p)
	}
	return nil
}

// faults tells what SQLite takes into a schema and cannot use.
func (g *generation) faults(b *block, db *database) error {
	keys, keysErr := db.Keys()
	views, viewsErr := db.Views()
	if err := errors.Join(keysErr, viewsErr); err != nil {
		return fmt.Errorf("codegen: %w", err)
	}
	put := func(table, format string, args ...any) {
		p := b.columnAt(table, "")
		p.Severity = problem.Warning
		p.Message = fmt.Sprintf(format, args...)
		g.problems.Put(p)
	}
	for _, key := range keys {
		put(key.Table, "SQLite cannot follow a foreign key of %s: %s, so that writes to these tables fail: refer to the primary key, or to columns that are UNIQUE together", key.Table, key.Message)
	}
	for _, view := range views {
		put(view.Table, "SQLite cannot read the view %s: %s: mend it, or drop it", view.Table, view.Message)
	}
	return nil
}

// takesTime reports whether a query takes a time of the program for a column.
func (b *block) takesTime(table, column string) bool {
	of := func(source infer.Source) bool {
		return strings.EqualFold(source.Table, table) && strings.EqualFold(source.Column, column)
	}
	for _, q := range b.checked {
		for _, param := range q.params {
			if param.Type == infer.Time && slices.ContainsFunc(param.Columns, of) {
				return true
			}
		}
	}
	return false
}

// columnAt returns the place where the migrations declare a column of a table or view, for
// a problem there. It is that of the table or view where no column's is known.
func (b *block) columnAt(table, column string) problem.Problem {
	if f, ok := b.schema.Column(table, column); ok {
		return b.problemOf(f)
	}
	p := problem.Problem{}
	p.File, p.Line = b.madeAt(table)
	return p
}

// advised are the migrations as they run.
func (b *block) advised() []advice.File {
	files := make([]advice.File, len(b.migrations))
	for i, m := range b.migrations {
		files[i] = advice.File{Path: m.path, Text: m.text}
	}
	return files
}

// migration returns the migration that is staged under a name.
func (b *block) migration(staged string) *migration {
	i := slices.IndexFunc(b.migrations, func(m migration) bool { return m.staged == staged })
	if i < 0 {
		return &migration{source: source{path: path.Join(b.place(), staged)}}
	}
	return &b.migrations[i]
}

// beside returns the files of the folders that hold the migrations.
func (b *block) beside(root string) []string {
	var files, folders []string
	for _, m := range b.migrations {
		if folder := path.Dir(m.path); !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	for _, folder := range folders {
		entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
		if err != nil {
			continue // its files were read a moment ago; there is nothing to say of others
		}
		for _, entry := range entries {
			if !entry.IsDir() {
				files = append(files, path.Join(folder, entry.Name()))
			}
		}
	}
	return files
}

// note makes problems of findings.
func (g *generation) note(b *block, findings []advice.Finding) {
	for _, f := range findings {
		p := b.problemOf(f)
		if !f.Refuse {
			p.Severity = problem.Warning
		}
		g.problems.Put(p)
	}
}

// problemOf makes an error of a finding. Where a migration was made of another tool's
// file, the line is that of the file.
func (b *block) problemOf(f advice.Finding) problem.Problem {
	p := problem.Problem{File: f.File, Line: f.Line, Column: f.Column, Severity: problem.Error, Query: f.Query, Message: f.Message}
	for _, m := range b.migrations {
		if m.path == f.File && m.lines != nil {
			p.Line, p.Column = m.line(f.Line), 0
		}
	}
	return p
}
