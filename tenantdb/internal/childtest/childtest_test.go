package childtest_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/internal/childtest"
)

var children = map[string]func(args []string) error{
	"say": func(args []string) error {
		fmt.Print(strings.Join(args, " "))
		return nil
	},
	"fail": func([]string) error { return errors.New("it fails") },
	"count": func([]string) error { // until the third call
		step := childtest.DieAt(3)
		for range 5 {
			step()
			fmt.Print("x")
		}
		return nil
	},
	"answer": func(args []string) error {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			fmt.Println(args[0], in.Text())
		}
		fmt.Fprintln(os.Stderr, "bye")
		return nil
	},
	"live": func([]string) error {
		step := childtest.DieAt(0)
		for range 5 {
			step()
		}
		return nil
	},
}

func TestMain(m *testing.M) { childtest.Main(m, nil, children) }

func TestAChildDoesWhatItsNameSays(t *testing.T) {
	for _, test := range []struct {
		name, out, says string
		ended           bool // without an error
	}{
		{"say", "a b", "", true},
		{"fail", "", "it fails", false},
		{"nothing", "", `there is no function "nothing"`, false},
		{"count", "xx", "", false},
		{"live", "", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var said strings.Builder
			c := childtest.Command(test.name, "a", "b")
			c.Stderr = &said
			out, err := c.Output()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if string(out) != test.out || !strings.Contains(said.String(), test.says) || (test.says == "") != (said.Len() == 0) || (err == nil) != test.ended {
				t.Errorf("it printed %q and %q, and ended with %v", out, &said, err)
			}
		})
	}
}

func TestAFolderIsCopiedAsItIs(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "to")
	old := time.Date(2020, time.May, 1, 12, 0, 0, 0, time.UTC)
	err := errors.Join(
		os.MkdirAll(filepath.Join(from, "below"), 0o700),
		os.WriteFile(filepath.Join(from, "below", "a"), []byte("text"), 0o400),
		os.Chtimes(filepath.Join(from, "below", "a"), old, old),
		os.MkdirAll(to, 0o700),
		os.WriteFile(filepath.Join(to, "left"), nil, 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	childtest.CopyFolder(t, to, from)
	info, err := os.Stat(filepath.Join(to, "below", "a"))
	if err != nil || info.Mode() != 0o400 || !info.ModTime().Equal(old) || info.Size() != 4 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(to, "left")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was there before is still: %v", err)
	}
}

func TestAChildAnswersALineAtATimeAndEndsWithItsInput(t *testing.T) {
	c := childtest.Start(t, "answer", "so")
	for _, said := range []string{"one", "two"} {
		fmt.Fprintln(c.In, said)
		if got := c.Line(t); got != "so "+said {
			t.Errorf("it says %q", got)
		}
	}
	c.Finish(t)
	if got := c.Said(); got != "bye\n" {
		t.Errorf("it has said %q", got)
	}
}

func TestAChildThatDoesNotEndIsKilledWithItsTest(t *testing.T) {
	var c *childtest.Child
	t.Run("a test", func(t *testing.T) {
		c = childtest.Start(t, "answer", "so")
		fmt.Fprintln(c.In, "ready")
		c.Line(t)
	})
	if c.ProcessState == nil || c.ProcessState.Success() {
		t.Errorf("it is %v", c.ProcessState)
	}
}
