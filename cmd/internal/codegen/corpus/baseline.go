package corpus

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen"
)

// baseline finds out which queries of a unit plain sqlc handles, configured as the
// project does it. It leaves out what sqlc refuses and asks again, until sqlc writes
// code or nothing is left.
func (b *bench) baseline(ctx context.Context, u *Unit, queries []*Query) error {
	dir, err := os.MkdirTemp(b.temp, "sqlc-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the whole of temp goes at the end
	p := sqlcProject{unit: u, dir: dir}
	left := queries
	for len(left) > 0 {
		if err := p.write(left); err != nil {
			return err
		}
		out, err := run(ctx, patience, dir, b.Silo, codegen.ChildArg, "generate", "--no-remote", "-f", "sqlc.json")
		if err != nil {
			return err
		}
		if out.code == 0 {
			return p.handled(left)
		}
		refused := p.refused(out.stdout+out.stderr, left)
		if len(refused) == 0 {
			if left, err = b.alone(ctx, p, left); err != nil {
				return err
			}
			b.say("%s: sqlc says %s", u.Name, firstLine(out.stderr))
			return p.markEach(left)
		}
		left = subtract(left, refused)
	}
	return nil
}

// alone asks sqlc for each query by itself, when it does not say which one it means.
func (b *bench) alone(ctx context.Context, p sqlcProject, queries []*Query) ([]*Query, error) {
	var good []*Query
	for _, q := range queries {
		if err := p.write([]*Query{q}); err != nil {
			return nil, err
		}
		out, err := run(ctx, patience, p.dir, b.Silo, codegen.ChildArg, "generate", "--no-remote", "-f", "sqlc.json")
		if err != nil {
			return nil, err
		}
		if out.code == 0 {
			good = append(good, q)
		} else if strings.Contains(out.stderr, "error parsing") || strings.Contains(out.stderr, "/schema") {
			return nil, nil // the schema: the others fare no better
		}
	}
	return good, nil
}

// sqlcProject is a unit as plain sqlc gets it.
type sqlcProject struct {
	unit *Unit
	dir  string
}

// stagedFile is a file's path in a project of ours. The base is the project's own, for
// generated files and orders hang on it.
func stagedFile(folder string, n int, file sqlFile) string {
	return fmt.Sprintf("%s/%03d/%s", folder, n, path.Base(file.path))
}

func (p sqlcProject) write(queries []*Query) error {
	u := p.unit
	if err := os.RemoveAll(filepath.Join(p.dir, "out")); err != nil {
		return err
	}
	options := clone(u.settings.options)
	options["out"] = "out"
	if name, _ := options["package"].(string); name == "" {
		options["package"] = "db"
	}
	block := clone(u.settings.block)
	block["engine"], block["gen"] = "sqlite", map[string]any{"go": options}
	var schema, sources []string
	files := map[string]string{}
	for n, file := range u.schema {
		name := stagedFile("schema", n, file)
		schema, files[name] = append(schema, name), file.text
	}
	wanted := asked(queries)
	for n, file := range u.queries {
		name := stagedFile("queries", n, file)
		sources = append(sources, name)
		files[name] = file.without(func(s statement) bool { return s.name != "" && !wanted[place{n, s.start}] })
	}
	block["schema"], block["queries"] = schema, sources
	config := map[string]any{"version": "2", "sql": []any{block}}
	if u.settings.overrides != nil {
		config["overrides"] = map[string]any{"go": u.settings.overrides}
	}
	data, err := json.Marshal(config)
	if err != nil {
		return fmt.Errorf("write sqlc's configuration: %w", err)
	}
	files["sqlc.json"] = string(data)
	return writeFiles(p.dir, files)
}

// place is where a query stands.
type place struct{ file, start int }

func asked(queries []*Query) map[place]bool {
	wanted := map[place]bool{}
	for _, q := range queries {
		wanted[place{q.file, q.statement.start}] = true
	}
	return wanted
}

var sqlcPlace = regexp.MustCompile(`(?m)^queries[/\\](\d+)[/\\][^:\n]*:(\d+):\d+: `)

// refused returns the queries that messages of sqlc are about.
func (p sqlcProject) refused(messages string, queries []*Query) []*Query {
	var refused []*Query
	for _, match := range sqlcPlace.FindAllStringSubmatch(messages, -1) {
		file, _ := strconv.Atoi(match[1])
		line, _ := strconv.Atoi(match[2])
		if q := at(queries, file, line); q != nil {
			refused = append(refused, q)
		}
	}
	return refused
}

// at returns the query at a line of a file of the unit, or the nearest one before it.
func at(queries []*Query, file, line int) *Query {
	var best *Query
	for _, q := range queries {
		if q.file == file && q.Line <= line && (best == nil || q.Line > best.Line) {
			best = q
		}
	}
	return best
}

func subtract(queries, without []*Query) []*Query {
	gone := map[*Query]bool{}
	for _, q := range without {
		gone[q] = true
	}
	var left []*Query
	for _, q := range queries {
		if !gone[q] {
			left = append(left, q)
		}
	}
	return left
}

var generatedName = regexp.MustCompile(`(?m)-- name: (\w+) :\w+`)

// handled marks the queries that sqlc wrote code for.
func (p sqlcProject) handled(queries []*Query) error {
	matches, err := filepath.Glob(filepath.Join(p.dir, "out", "*.go"))
	if err != nil {
		return err
	}
	generated := map[string]bool{}
	for _, name := range matches {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, found := range generatedName.FindAllStringSubmatch(string(data), -1) {
			generated[found[1]] = true
		}
	}
	for _, q := range queries {
		q.Handled = generated[q.Name]
	}
	return nil
}

func (p sqlcProject) markEach(queries []*Query) error {
	for _, q := range queries {
		q.Handled = true
	}
	return nil
}

// writeFiles writes files below a folder.
func writeFiles(dir string, files map[string]string) error {
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
