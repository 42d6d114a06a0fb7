package codegen

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// source is a file of the project.
type source struct {
	path string // relative to the folder of sqlc.yaml, with slashes
	text string
}

// block is one package to generate, with what it is made of.
type block struct {
	config.Block
	config     string           // the configuration's name in messages
	unfit      map[string]unfit // what is known of types under overrides
	migrations []migration      // in goose's order
	foreign    bool             // the migrations are none of goose's
	schemaName string           // what the package of the variable is called, if that is known
	queries    []sqltext.Query
	files      []source // of the queries, in order
	checked    []*checked
	schema     *advice.Schema // once advise has read it
}

// load reads the files of a block. root is the folder of the configuration, file its
// name in messages.
func load(root, file string, c config.Block) (*block, problem.List) {
	b := &block{Block: c, config: file, unfit: map[string]unfit{}}
	var problems problem.List
	b.findUnfit(root)
	b.checkVariable(root, file, &problems)
	b.checkCycle(root, file, &problems)
	b.loadSchema(root, file, &problems)
	before := problems.Len()
	for i, pattern := range c.Queries {
		b.loadQueries(root, file, pattern, c.QueriesAt[i], &problems)
	}
	if len(b.files) == 0 && problems.Len() == before && len(c.Queries) > 0 {
		problems.AddAt(file, c.QueriesAt[0].Line, c.QueriesAt[0].Column, "queries: there is no .sql file in %s: write one there, with -- name: SomeName :one above each query", strings.Join(c.Queries, ", "))
	}
	return b, problems
}

// loadQueries reads the files that an entry of queries names.
func (b *block) loadQueries(root, file, pattern string, at config.Place, problems *problem.List) {
	names, err := sqlFiles(root, pattern)
	if err != nil {
		problems.AddAt(file, at.Line, at.Column, "queries: %v", err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(b.files, func(f source) bool { return f.path == name }) {
			b.files = append(b.files, read(root, name, problems))
		}
	}
}

// sqlFiles returns the .sql files that an entry of the configuration names, relative to
// root and with slashes, in sqlc's order: those of a folder, or those that a name or
// pattern finds.
func sqlFiles(root, pattern string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no file or folder %q: name a folder with .sql files, or the files", pattern)
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range found {
		if !isFolder(name) {
			names = append(names, name)
			continue
		}
		entries, err := os.ReadDir(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: make it readable, or name another folder", pattern, cause(err))
		}
		for _, entry := range entries {
			names = append(names, filepath.Join(name, entry.Name()))
		}
	}
	var files []string
	for _, name := range names {
		relative, err := filepath.Rel(root, name)
		if base := filepath.Base(name); err == nil && strings.HasSuffix(base, ".sql") && !strings.HasPrefix(base, ".") {
			files = append(files, filepath.ToSlash(relative))
		}
	}
	return files, nil
}

// parse finds the queries in the files that were read.
func (b *block) parse() problem.List {
	var problems problem.List
	for _, file := range b.files {
		parse := sqltext.ParseFile
		if slices.ContainsFunc(b.migrations, func(m migration) bool { return m.path == file.path }) {
			parse = sqltext.ParseSchemaFile
		}
		queries, found := parse(file.path, unixLines(file.text))
		b.queries = append(b.queries, queries...)
		problems.Append(found)
	}
	return problems
}

// unixLines takes out what means nothing in SQL: a byte order mark, and how lines end
// outside quotes. Within them it is a part of the text.
func unixLines(text string) string {
	var out strings.Builder
	for _, token := range sqltext.Scan(strings.TrimPrefix(text, byteOrderMark)) {
		if token.Blank() {
			token.Text = strings.ReplaceAll(token.Text, "\r\n", "\n")
		}
		if token.Kind == sqltext.Comment {
			token.Text = strings.TrimSuffix(token.Text, "\r") // it ends before the \n
		}
		out.WriteString(token.Text)
	}
	return out.String()
}

// read returns a file as it is.
func read(root, name string, problems *problem.List) source {
	place := filepath.Join(root, filepath.FromSlash(name))
	data, err := os.ReadFile(place)
	switch {
	case err != nil && isFolder(place):
		problems.Add(name, 0, "it is a folder, and its name is that of a file: give it one that does not end with .sql")
	case err != nil:
		problems.Add(name, 0, "it cannot be read: %v: mend that, or remove it", cause(err))
	}
	return source{path: name, text: string(data)}
}

// cause returns an error of the file system without the path on this machine, which
// is not the same everywhere.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
