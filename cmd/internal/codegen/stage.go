package codegen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/plugin"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// ChildArg is the first argument with which the program runs itself as sqlc; the
// others are sqlc's.
const ChildArg = "sqlc-child"

// stage is a temporary folder that holds a project as sqlc reads it right: each
// query in a file of its own, ASCII only, its parameters numbered and its stars
// written out, and the migrations under names that sort as goose numbers them.
type stage struct {
	dir    string
	blocks []*block
}

func newStage(blocks []*block) (*stage, error) {
	dir, err := os.MkdirTemp("", "silo-generate-")
	if err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	s := &stage{dir: dir, blocks: blocks}
	if err := s.write(); err != nil {
		return nil, errors.Join(fmt.Errorf("codegen: stage the project for sqlc: %w", err), s.remove())
	}
	return s, nil
}

func (s *stage) remove() error { return os.RemoveAll(s.dir) }

// path returns a place in the stage that belongs to a block.
func (s *stage) path(block int, elem ...string) string {
	return filepath.Join(append([]string{s.dir, strconv.Itoa(block)}, elem...)...)
}

// migrations returns a block's migrations as they are.
func (s *stage) migrations(block int) fs.FS { return os.DirFS(s.path(block, "migrations")) }

func (s *stage) write() error {
	for i, b := range s.blocks {
		for _, dir := range []string{"migrations", "schema"} {
			if err := os.MkdirAll(s.path(i, dir), 0o755); err != nil {
				return err
			}
		}
		for n, m := range b.migrations {
			if err := os.WriteFile(s.path(i, "migrations", filepath.Base(m.path)), []byte(m.text), 0o600); err != nil {
				return err
			}
			text := sqltext.ASCII(withoutDown(m.text))
			if err := os.WriteFile(s.path(i, "schema", stagedName(n)), []byte(text), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

func stagedName(n int) string { return fmt.Sprintf("%08d.sql", n) }

// writeQueries adds the queries that nothing is known to be wrong with.
func (s *stage) writeQueries() error {
	for i, b := range s.blocks {
		if err := os.MkdirAll(s.path(i, "queries"), 0o755); err != nil {
			return err
		}
		for n, q := range b.checked {
			if err := os.WriteFile(s.path(i, "queries", stagedName(n)), []byte(stagedQuery(q.text)), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// stagedQuery is a query as sqlc reads it. Its first line is the name.
func stagedQuery(q *sqltext.Query) string {
	return fmt.Sprintf("-- name: %s :%s\n%s;\n", q.Name, q.Command, q.Plain())
}

var downComment = regexp.MustCompile(`(?i)^\s*--\s*\+goose\s+down\b`)

// withoutDown cuts a migration before its goose Down comment. sqlc does so itself,
// but knows only one of the ways to write it, and else runs what undoes the schema.
func withoutDown(text string) string {
	kept := 0
	for line := range strings.Lines(text) {
		if downComment.MatchString(line) {
			break
		}
		kept += len(line)
	}
	return text[:kept]
}

// config is sqlc.yaml for the stage.
func (s *stage) config(self string) ([]byte, error) {
	type object = map[string]any
	var blocks []object
	for i, b := range s.blocks {
		if len(b.checked) == 0 {
			continue
		}
		place := strconv.Itoa(i)
		blocks = append(blocks, object{
			"engine":   "sqlite",
			"schema":   place + "/schema",
			"queries":  place + "/queries",
			"database": object{"uri": ":memory:"},
			"codegen":  []object{{"plugin": "silo", "out": place + "/out"}},
		})
	}
	return json.Marshal(object{
		"version": "2",
		"plugins": []object{{"name": "silo", "process": object{"cmd": self, "format": "json"}}},
		"sql":     blocks,
	})
}

// runSQLC runs self as sqlc in the stage. It returns the request of each block that
// sqlc accepted, and what sqlc found wrong.
func (s *stage) runSQLC(ctx context.Context, self string) ([]*plugin.Request, problem.List, error) {
	var problems problem.List
	requests := make([]*plugin.Request, len(s.blocks))
	if !slices.ContainsFunc(s.blocks, func(b *block) bool { return len(b.checked) > 0 }) {
		return requests, problems, ctx.Err()
	}
	config, err := s.config(self)
	if err != nil {
		return nil, problems, fmt.Errorf("codegen: %w", err)
	}
	if err := errors.Join(s.writeQueries(), os.WriteFile(filepath.Join(s.dir, "sqlc.json"), config, 0o600)); err != nil {
		return nil, problems, fmt.Errorf("codegen: stage the queries for sqlc: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, ChildArg, "generate", "--no-remote", "-f", "sqlc.json")
	cmd.Dir = s.dir
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "SQLC") { // what runs here does not hang on settings of sqlc
			cmd.Env = append(cmd.Env, entry)
		}
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || ctx.Err() != nil {
			return nil, problems, fmt.Errorf("codegen: run sqlc: %w", errors.Join(err, ctx.Err()))
		}
		problems = s.problems(output.String())
		if problems.Len() == 0 {
			return nil, problems, fmt.Errorf("codegen: sqlc failed: %s", strings.TrimSpace(output.String()))
		}
		return requests, problems, nil
	}
	for i, b := range s.blocks {
		if len(b.checked) == 0 {
			continue
		}
		data, err := os.ReadFile(s.path(i, "out", plugin.RequestFile))
		if err != nil {
			return nil, problems, fmt.Errorf("codegen: sqlc left no request: %w", err)
		}
		if requests[i], err = plugin.Decode(data); err != nil {
			return nil, problems, fmt.Errorf("codegen: %w", err)
		}
	}
	return requests, problems, nil
}

var sqlcMessage = regexp.MustCompile(`^(\d+)[/\\](schema|queries)[/\\](\d{8})\.sql:(\d+):\d+: (.*)$`)

// problems translates what sqlc printed to places in the project.
func (s *stage) problems(output string) problem.List {
	var problems problem.List
	for line := range strings.Lines(output) {
		parts := sqlcMessage.FindStringSubmatch(strings.TrimSpace(line))
		if parts == nil {
			continue
		}
		block, _ := strconv.Atoi(parts[1])
		index, _ := strconv.Atoi(parts[3])
		at, _ := strconv.Atoi(parts[4])
		b := s.blocks[block]
		if parts[2] == "schema" {
			problems.Add(b.migrations[index].path, at, "sqlc: %s", explained(parts[5]))
			continue
		}
		q := b.checked[index].text
		first := q.LineOf(q.Tokens[0].Pos)
		problems.Add(q.File, min(max(first, first+at-2), q.LastLine), "query %s: sqlc: %s", q.Name, explained(parts[5]))
	}
	return problems
}

var unexpectedWord = regexp.MustCompile(`input '([A-Za-z_]+)'`)

// explained makes more of a message of sqlc's parser, which lists all it knows, and
// takes more words for keywords than SQLite does.
func explained(message string) string {
	message, _, listed := strings.Cut(message, " expecting ")
	if !listed && !strings.HasPrefix(message, "no viable alternative") {
		return message
	}
	message = strings.Replace(message, "extraneous input '<EOF>'", "it cannot be read to its end", 1)
	message += ": SQLite accepts this, sqlc does not: write it in another way"
	if word := unexpectedWord.FindStringSubmatch(message); word != nil {
		message += fmt.Sprintf(", or put %s in double quotes if it is a name", word[1])
	}
	return message
}
