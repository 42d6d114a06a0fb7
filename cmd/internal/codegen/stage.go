package codegen

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/schema"
)

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

// stagePrefix begins the names of stages, so that those of killed runs are found.
const stagePrefix = "silo-generate-"

// newStage makes the folder, with the migrations of each block.
func newStage(blocks []*block, asked []map[int]bool) (*stage, error) {
	removeOlder(os.TempDir(), stagePrefix+"*", time.Hour) // of runs that were killed
	dir, err := os.MkdirTemp("", stagePrefix)
	if err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	s := &stage{dir: dir, blocks: blocks}
	for _, queries := range asked {
		s.asked = append(s.asked, maps.Clone(queries)) // what sqlc refuses is taken out
	}
	if err := s.writeSchemas(); err != nil {
		return nil, errors.Join(fmt.Errorf("codegen: stage the project for sqlc: %w", err), s.remove())
	}
	return s, nil
}

// remove removes the folder.
func (s *stage) remove() error { return os.RemoveAll(s.dir) }

// path returns a place in the stage that belongs to a block.
func (s *stage) path(block int, elem ...string) string {
	return filepath.Join(append([]string{s.dir, strconv.Itoa(block)}, elem...)...)
}

// writeSchemas writes the migrations of each block.
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
		if err := s.writeCatalog(i, b); err != nil {
			return err
		}
	}
	return nil
}

// writeCatalog writes, behind the migrations of a block of kind global, those of Silo's
// catalog, whose tables its queries may read.
func (s *stage) writeCatalog(i int, b *block) error {
	if b.Kind != config.Global {
		return nil
	}
	names, err := fs.Glob(schema.Catalog, "catalog/*.sql")
	if err != nil {
		return err
	}
	for n, name := range names {
		text, err := fs.ReadFile(schema.Catalog, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.path(i, "schema", stagedName(len(b.migrations)+n)), []byte(withoutDown(string(text))), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// askedName is what a query is called where sqlc is asked of it. Its own name may be
// outside ASCII.
func askedName(n int) string { return "Q" + strconv.Itoa(n) }

// stagedName is the name of the nth file of a folder.
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
