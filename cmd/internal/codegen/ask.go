package codegen

import (
	"bytes"
	"context"
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
)

// ChildArg is the first argument with which the program runs itself as sqlc; the
// others are sqlc's.
const ChildArg = "sqlc-child"

// askSQLC runs self as sqlc on the queries of each block that are asked for, by their
// places among those checked, if there are any. It returns the request of each block;
// there is none where sqlc cannot read the schema.
func askSQLC(ctx context.Context, self string, blocks []*block, asked []map[int]bool) (requests []*plugin.Request, err error) {
	if !anyAsked(asked) {
		return make([]*plugin.Request, len(blocks)), nil
	}
	s, err := newStage(blocks, asked)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	return s.ask(ctx, self)
}

// anyAsked reports whether there is a query that sqlc is asked of.
func anyAsked(asked []map[int]bool) bool {
	return slices.ContainsFunc(asked, func(queries map[int]bool) bool { return len(queries) > 0 })
}

// ask runs self as sqlc. What sqlc refuses it is not asked again: SQLite has accepted
// all of it, and sqlc's parser knows less.
func (s *stage) ask(ctx context.Context, self string) ([]*plugin.Request, error) {
	requests := make([]*plugin.Request, len(s.blocks))
	for anyAsked(s.asked) {
		var refusal *refusedError
		switch err := s.runSQLC(ctx, self); {
		case err == nil:
			return requests, s.read(requests)
		case !errors.As(err, &refusal):
			return nil, err
		case !s.drop(refusal.output):
			return requests, nil // it stumbled over something that it does not name
		}
	}
	return requests, nil
}

// read takes the requests that sqlc left.
func (s *stage) read(requests []*plugin.Request) error {
	for i := range s.blocks {
		if len(s.asked[i]) == 0 {
			continue
		}
		data, err := os.ReadFile(s.path(i, "out", plugin.RequestFile))
		if err != nil {
			return fmt.Errorf("codegen: sqlc left no request: %w", err)
		}
		if requests[i], err = plugin.Decode(data); err != nil {
			return fmt.Errorf("codegen: %w", err)
		}
	}
	return nil
}

// refusedError is what sqlc printed when it refused something.
type refusedError struct{ output string }

// Error returns what sqlc printed.
func (e *refusedError) Error() string { return "sqlc refuses what it was asked: " + e.output }

// runSQLC runs self as sqlc in the stage. The error is a refusedError when sqlc does not
// like something there.
func (s *stage) runSQLC(ctx context.Context, self string) error {
	config, err := s.config(self)
	if err != nil {
		return fmt.Errorf("codegen: %w", err)
	}
	if err := errors.Join(s.writeQueries(), os.WriteFile(filepath.Join(s.dir, "sqlc.json"), config, 0o600)); err != nil {
		return fmt.Errorf("codegen: stage the queries for sqlc: %w", err)
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
	cmd.WaitDelay = waitDelay
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || !errors.As(err, &exit) || !exit.Exited():
		return fmt.Errorf("codegen: run sqlc: %w", errors.Join(err, ctx.Err()))
	default:
		return &refusedError{printed.String()}
	}
}

// waitDelay is how long sqlc's own child, which has its output, may outlive sqlc.
const waitDelay = 5 * time.Second

// sqlcMessage matches a line in which sqlc names a file of the stage.
var sqlcMessage = regexp.MustCompile(`^(\d+)[/\\](schema|queries)[/\\](\d{8})\.sql:\d+:\d+: `)

// drop takes out of what is asked what sqlc refuses, and reports whether there was
// anything.
func (s *stage) drop(output string) bool {
	before := s.count()
	for line := range strings.Lines(output) {
		parts := sqlcMessage.FindStringSubmatch(strings.TrimSpace(line))
		if parts == nil {
			continue
		}
		block, err := strconv.Atoi(parts[1])
		if err != nil || block >= len(s.asked) {
			continue // no block of this stage
		}
		if parts[2] == "schema" {
			s.asked[block] = nil
		}
		if index, err := strconv.Atoi(parts[3]); err == nil {
			delete(s.asked[block], index)
		}
	}
	return s.count() < before
}

// count returns how many queries sqlc is asked of.
func (s *stage) count() int {
	n := 0
	for _, queries := range s.asked {
		n += len(queries)
	}
	return n
}
