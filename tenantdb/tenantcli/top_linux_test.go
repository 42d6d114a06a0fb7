package tenantcli_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

func TestTopOnATerminalGoesOnUntilItIsInterrupted(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	const row = "acme                      \x1b[32mactive      \x1b[0m  "
	seen, code := atTerminal(t, folder, nil, []answer{
		{see: row + "         0  ", before: func() { mustRun(t, folder, "use", "acme", "7", "0") }},
		{see: row + "         7  ", before: func() { mustRun(t, folder, "use", "acme", "0", "1") }},
		{see: row + "\x1b[31m         8         1  ", typed: "\x03"},
	}, "top", "--every", "20ms", "--sort", "errors")
	if code != tenantcli.ExitOK || !strings.HasPrefix(seen, "\x1b[2J\x1b[H") || !strings.Contains(seen, "  by errors, since ") {
		t.Errorf("exit code %d: %q", code, seen)
	}
	if screens := strings.Split(seen, "\x1b[H"); len(screens) < 4 {
		t.Errorf("there were %d screens", len(screens)-1)
	} else if lines := strings.Count(screens[1], "\r\n"); lines != 3 {
		t.Errorf("a screen has %d lines, want what it is, a head and acme: %q", lines, screens[1])
	}
}

func TestTopShowsAsManyTenantsAsTheTerminalHasLines(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	register(t, filepath.Join(folder, "data"), 40)
	seen, code := atTerminal(t, folder, nil, []answer{{see: "\x1b[J", typed: "\x03"}}, "top", "--limit", "0", "--every", "1h")
	first := strings.Split(seen, "\x1b[J")[0]
	if lines := strings.Count(first, "\r\n"); code != tenantcli.ExitOK || lines != 23 {
		t.Errorf("exit code %d, %d lines of 24, of which the last is the cursor's: %q", code, lines, first)
	}
	if table := mustRun(t, folder, "top", "--limit", "0"); strings.Count(table, "\n") != 42 {
		t.Errorf("without a terminal there are %d lines, want a head and all 41 tenants", strings.Count(table, "\n"))
	}
}

// register makes so many tenants known, which have no files.
func register(t *testing.T, folder string, n int) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(t.Context(), dir)
	if err == nil {
		err = cat.Write(t.Context(), func(ctx context.Context, tx *catalog.Tx) error {
			for i := range n {
				id, err := tenantdb.ParseID(fmt.Sprintf("tenant-%d", i))
				if err != nil {
					return err
				}
				if _, err := tx.Register(ctx, catalog.Registration{ID: id}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := errors.Join(err, dir.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestTopIsOneTableWhereNothingMoves(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	for _, test := range []struct {
		name string
		env  []string
		args []string
	}{
		{"without colours", []string{"NO_COLOR=1"}, nil},
		{"a dumb terminal", []string{"TERM=dumb"}, nil},
		{"once", nil, []string{"--once"}},
		{"JSON", nil, []string{"--json"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen, code := atTerminal(t, folder, test.env, nil, append([]string{"top"}, test.args...)...)
			if code != tenantcli.ExitOK || strings.Count(seen, "acme") != 1 || strings.Contains(seen, "\x1b[H") || test.env != nil && strings.Contains(seen, "\x1b") {
				t.Errorf("exit code %d: %q", code, seen)
			}
		})
	}
}
