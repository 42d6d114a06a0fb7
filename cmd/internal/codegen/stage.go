package codegen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/plugin"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// ChildArg is the first argument with which the program runs itself as sqlc; the
// others are sqlc's.
const ChildArg = "sqlc-child"

// stage is a temporary folder that holds a project as sqlc reads it right: each
// query in a file of its own, ASCII only, its parameters numbered and its stars
// written out, and the migrations under names that sort as goose numbers them.
//
// sqlc is asked only where neither SQLite nor the statement says what a parameter is:
// SQLite knows no types of parameters, sqlc has a guess.
type stage struct {
	dir    string
	blocks []*block
	asked  []map[int]bool // of each block, the queries that sqlc is asked of
}

const stagePrefix = "silo-generate-"

func newStage(blocks []*block) (*stage, error) {
	removeOlder(os.TempDir(), stagePrefix+"*", time.Hour) // of runs that were killed
	dir, err := os.MkdirTemp("", stagePrefix)
	if err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	s := &stage{dir: dir, blocks: blocks}
	if err := s.writeSchemas(); err != nil {
		return nil, errors.Join(fmt.Errorf("codegen: stage the project for sqlc: %w", err), s.remove())
	}
	return s, nil
}

func (s *stage) remove() error { return os.RemoveAll(s.dir) }

// path returns a place in the stage that belongs to a block.
func (s *stage) path(block int, elem ...string) string {
	return filepath.Join(append([]string{s.dir, strconv.Itoa(block)}, elem...)...)
}

func (s *stage) writeSchemas() error {
	for i, b := range s.blocks {
		if err := os.MkdirAll(s.path(i, "schema"), 0o755); err != nil {
			return err
		}
		for n, m := range b.migrations {
			text := sqltext.ASCII(withoutDown(m.text))
			if err := os.WriteFile(s.path(i, "schema", stagedName(n)), []byte(text), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// askedName is what a query is called where sqlc is asked of it. Its own name may be
// outside ASCII.
func askedName(n int) string { return "Q" + strconv.Itoa(n) }

func stagedName(n int) string { return fmt.Sprintf("%08d.sql", n) }

// writeQueries writes the queries that are asked for, and no others.
func (s *stage) writeQueries() error {
	for i, b := range s.blocks {
		if err := errors.Join(os.RemoveAll(s.path(i, "queries")), os.MkdirAll(s.path(i, "queries"), 0o755)); err != nil {
			return err
		}
		for n := range s.asked[i] {
			if err := os.WriteFile(s.path(i, "queries", stagedName(n)), []byte(stagedQuery(n, b.checked[n].text)), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// stagedQuery is a query as sqlc reads it. What is asked of it does not hang on the
// command, of which sqlc knows some for other databases only.
func stagedQuery(n int, q *sqltext.Query) string {
	return fmt.Sprintf("-- name: %s :exec\n%s;\n", askedName(n), q.Plain())
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
	for i := range s.blocks {
		if len(s.asked[i]) == 0 {
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

// askSQLC runs self as sqlc on the queries of each block that are asked for, by their
// places among those checked, if there are any. It returns the request of each block;
// there is none where sqlc cannot read the schema.
func askSQLC(ctx context.Context, self string, blocks []*block, asked []map[int]bool) (requests []*plugin.Request, err error) {
	if !slices.ContainsFunc(asked, func(queries map[int]bool) bool { return len(queries) > 0 }) {
		return make([]*plugin.Request, len(blocks)), nil
	}
	s, err := newStage(blocks)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	s.asked = asked
	return s.ask(ctx, self)
}

// ask runs self as sqlc. What sqlc refuses it is not asked again: SQLite has accepted
// all of it, and sqlc's parser knows less.
func (s *stage) ask(ctx context.Context, self string) ([]*plugin.Request, error) {
	requests := make([]*plugin.Request, len(s.blocks))
	for {
		if !slices.ContainsFunc(s.asked, func(queries map[int]bool) bool { return len(queries) > 0 }) {
			return requests, ctx.Err()
		}
		output, err := s.runSQLC(ctx, self)
		if err != nil {
			return nil, err
		}
		if output == "" {
			break
		}
		if !s.drop(output) {
			return requests, nil // it stumbled over something that it does not name
		}
	}
	for i := range s.blocks {
		if len(s.asked[i]) == 0 {
			continue
		}
		data, err := os.ReadFile(s.path(i, "out", plugin.RequestFile))
		if err != nil {
			return nil, fmt.Errorf("codegen: sqlc left no request: %w", err)
		}
		if requests[i], err = plugin.Decode(data); err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
	}
	return requests, nil
}

// runSQLC runs self as sqlc in the stage. It returns what sqlc printed when it
// refuses something, and nothing otherwise.
func (s *stage) runSQLC(ctx context.Context, self string) (output string, err error) {
	config, err := s.config(self)
	if err != nil {
		return "", fmt.Errorf("codegen: %w", err)
	}
	if err := errors.Join(s.writeQueries(), os.WriteFile(filepath.Join(s.dir, "sqlc.json"), config, 0o600)); err != nil {
		return "", fmt.Errorf("codegen: stage the queries for sqlc: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, ChildArg, "generate", "--no-remote", "-f", "sqlc.json")
	cmd.Dir = s.dir
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "SQLC") { // what runs here does not hang on settings of sqlc
			cmd.Env = append(cmd.Env, entry)
		}
	}
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "", nil
	case !errors.As(err, &exit) || ctx.Err() != nil:
		return "", fmt.Errorf("codegen: run sqlc: %w", errors.Join(err, ctx.Err()))
	default:
		return "exit: " + printed.String(), nil
	}
}

var sqlcMessage = regexp.MustCompile(`^(\d+)[/\\](schema|queries)[/\\](\d{8})\.sql:\d+:\d+: `)

// drop takes out of what is asked what sqlc refuses, and reports whether there was
// anything.
func (s *stage) drop(output string) bool {
	dropped := false
	for line := range strings.Lines(output) {
		parts := sqlcMessage.FindStringSubmatch(strings.TrimSpace(line))
		if parts == nil {
			continue
		}
		block, _ := strconv.Atoi(parts[1])
		index, _ := strconv.Atoi(parts[3])
		if parts[2] == "schema" {
			s.asked[block] = nil
		}
		delete(s.asked[block], index)
		dropped = true
	}
	return dropped
}
