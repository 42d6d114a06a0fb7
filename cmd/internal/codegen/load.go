package codegen

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

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
	migrations []source // in goose's order
	queries    []sqltext.Query
	files      []string // of the queries, in order
	checked    []*checked
}

// load reads the files of a block. root is the folder of the configuration, file its
// name in messages.
func load(root, file string, c config.Block) (*block, problem.List) {
	b := &block{Block: c}
	var problems problem.List
	entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(c.Schema)))
	if err != nil {
		problems.Add(file, c.Line, "schema: %s: %v", c.Schema, cause(err))
	}
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".sql") {
			continue
		}
		b.migrations = append(b.migrations, read(root, path.Join(c.Schema, entry.Name()), &problems))
	}
	slices.SortStableFunc(b.migrations, func(x, y source) int {
		return cmp.Or(cmp.Compare(version(x.path), version(y.path)), cmp.Compare(x.path, y.path))
	})
	if err == nil && len(b.migrations) == 0 {
		problems.Add(file, c.Line, "schema: there is no .sql file in %s: write a goose migration such as %s/00001_first.sql", c.Schema, c.Schema)
	}
	for _, pattern := range c.Queries {
		b.loadQueries(root, file, pattern, &problems)
	}
	if len(b.files) == 0 && problems.Len() == 0 {
		problems.Add(file, c.Line, "queries: there is no .sql file in %s", strings.Join(c.Queries, ", "))
	}
	return b, problems
}

// version is the number by which goose orders a migration.
func version(file string) int64 {
	digits, _, _ := strings.Cut(path.Base(file), "_")
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return number
}

// loadQueries reads the files of a folder, or those that a name or pattern finds.
func (b *block) loadQueries(root, file, pattern string, problems *problem.List) {
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no %s", pattern)
	}
	if err != nil {
		problems.Add(file, b.Line, "queries: %v", err)
		return
	}
	for _, name := range found {
		info, err := os.Stat(name)
		if err != nil {
			problems.Add(file, b.Line, "queries: %v", cause(err))
			continue
		}
		names := []string{name}
		if info.IsDir() {
			entries, err := os.ReadDir(name)
			if err != nil {
				problems.Add(file, b.Line, "queries: %v", cause(err))
			}
			names = nil
			for _, entry := range entries {
				names = append(names, filepath.Join(name, entry.Name()))
			}
		}
		for _, name := range names {
			relative, err := filepath.Rel(root, name)
			if base := filepath.Base(name); err != nil || !strings.HasSuffix(base, ".sql") || strings.HasPrefix(base, ".") {
				continue
			}
			b.addQueries(read(root, filepath.ToSlash(relative), problems), problems)
		}
	}
}

func (b *block) addQueries(file source, problems *problem.List) {
	if slices.Contains(b.files, file.path) {
		return
	}
	for _, other := range b.files {
		if path.Base(other) == path.Base(file.path) {
			problems.Add(file.path, 0, "%s has the same name, and so has the generated file: rename one of them", other)
			return
		}
	}
	b.files = append(b.files, file.path)
	// Neither a byte order mark nor how lines end means anything in SQL.
	text := strings.ReplaceAll(strings.TrimPrefix(file.text, "\ufeff"), "\r\n", "\n")
	queries, found := sqltext.ParseFile(file.path, text)
	b.queries = append(b.queries, queries...)
	problems.Append(found)
}

// read returns a file as it is.
func read(root, name string, problems *problem.List) source {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		problems.Add(name, 0, "%v", cause(err))
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
