package tenantcli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenantcli"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// reader takes so many lines and then hangs up.
type reader struct {
	lines int
	got   [][]byte
}

var errHungUp = errors.New("nobody reads any more")

func (r *reader) Write(p []byte) (int, error) {
	if len(r.got) == r.lines {
		return 0, errHungUp
	}
	r.got = append(r.got, bytes.Clone(p))
	return len(p), nil
}

func TestAListingIsPrintedAsItIsRead(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Run("register", func(t *testing.T) {
		c, err := catalog.Open(t.Context(), tenanttest.Dir(t, tenantdb.Options{Path: "data"}))
		if err != nil {
			t.Fatal(err)
		}
		err = c.Write(t.Context(), func(ctx context.Context, tx *catalog.Tx) error {
			for i := range 1000 {
				if _, err := tx.Register(ctx, catalog.Registration{ID: tenanttest.ID(t, fmt.Sprintf("t-%04d", i))}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	out, said := &reader{lines: 3}, new(bytes.Buffer)
	root := app()
	root.SetArgs([]string{"tenants", "list", "--json"})
	root.SetOut(out)
	root.SetErr(said)
	if code := tenantcli.Execute(context.Background(), root); code != tenantcli.ExitError || !bytes.Contains(said.Bytes(), []byte(errHungUp.Error())) {
		t.Errorf("exit code %d: %s", code, said)
	}
	for i, line := range out.got {
		if want := fmt.Sprintf(`{"id":"t-%04d"`, i); !bytes.HasPrefix(line, []byte(want)) || bytes.Count(line, []byte("\n")) != 1 {
			t.Errorf("the write %d is %q, want one line that begins with %s", i, line, want)
		}
	}
	if code, list, said := execute("tenants", "list"); code != 0 || bytes.Count([]byte(list), []byte("\n")) != 1000 {
		t.Errorf("exit code %d, %d lines, want 1000: %s", code, bytes.Count([]byte(list), []byte("\n")), said)
	}
}

// What tenants are called is theirs to choose, and must not command the operator's terminal.
func TestNamesCannotCommandATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	if code, _, said := execute("tenants", "create", "acme", "--init", "--display-name", "\x1b[2Jgone\n", "--label", "a\x1bb=c\r"); code != 0 {
		t.Fatal(said)
	}
	for _, args := range [][]string{{"tenants", "list"}, {"tenants", "show", "acme"}} {
		if code, out, _ := execute(args...); code != 0 || bytes.ContainsAny([]byte(out), "\x1b\r") {
			t.Errorf("%v: exit code %d, it prints %q", args, code, out)
		}
	}
}
