package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/report"
)

// measured is a report of what a run has measured.
type measured struct {
	head   report.Head
	groups []string
}

func (m measured) Write(w io.Writer) {
	fmt.Fprintln(w, m.head.Command, m.head.Rounds, m.groups, m.head.Facts[len(m.head.Facts)-1][0])
}

// measures is a program that has folders left when it is done, and a group that fails.
func measures(dir *string) *Program {
	return &Program{
		Name: "test", Groups: []string{"one", "two", "broken"}, Fleets: 3,
		Fleet: func(_ context.Context, argument string) (fleets.Fleet, error) {
			return fleets.Fleet{Files: len(argument)}, nil
		},
		Measure: func(ctx context.Context, r *Run) (Report, error) {
			*dir = r.Dir
			m := measured{}
			err := r.Each(func(group string) error {
				m.groups = append(m.groups, group)
				if group == "broken" {
					return errors.New("it is broken")
				}
				return os.Mkdir(filepath.Join(r.Dir, group), 0o700)
			})
			m.head = r.Head(ctx)
			return m, err
		},
	}
}

func TestAProgramMeasuresTheGroupsThatAreWantedInOrder(t *testing.T) {
	for _, test := range []struct {
		args       []string
		want, says string
	}{
		{[]string{"-only", "two,one", "-command", "make it"}, "make it {5 1} [one two] load averages before and after\n", ""},
		{[]string{"-only", "two", "-quick"}, "go run ./test in bench {3 0.3} [two] load averages before and after\n", ""},
		{[]string{"-quick", "-rounds", "1", "-only", "none"}, "go run ./test in bench {1 0.3} [] load averages before and after\n", ""},
		{nil, "", "broken: it is broken"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			var out bytes.Buffer
			dir := ""
			err := measures(&dir).main(t.Context(), test.args, &out)
			if out.String() != test.want || (err == nil) != (test.says == "") || err != nil && err.Error() != test.says {
				t.Errorf("it prints %q, %v", &out, err)
			}
			if _, err := os.Stat(dir); dir == "" || !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%q is left behind: %v", dir, err)
			}
		})
	}
	path, dir := filepath.Join(t.TempDir(), "report.md"), ""
	if err := measures(&dir).main(t.Context(), []string{"-only", "one", "-out", path}, io.Discard); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "[one]") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAProgramThatIsInterruptedSaysSoAndLeavesNothing(t *testing.T) {
	ctx, interrupt := context.WithCancelCause(t.Context())
	dir := ""
	p := measures(&dir)
	whole := p.Measure
	p.Measure = func(ctx context.Context, r *Run) (Report, error) {
		interrupt(errors.New("enough"))
		return whole(ctx, r)
	}
	var out bytes.Buffer
	err := p.main(ctx, []string{"-only", "one"}, &out)
	if err == nil || err.Error() != "interrupted: enough; nothing is left behind" || out.Len() > 0 {
		t.Errorf("%v; it prints %q", err, &out)
	}
	if _, err := os.Stat(dir); dir == "" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%q is left behind: %v", dir, err)
	}
}

func TestAFleetsProcessPrintsWhatItTook(t *testing.T) {
	var out bytes.Buffer
	dir := ""
	if err := measures(&dir).main(t.Context(), []string{"-fleet", "5,x"}, &out); err != nil {
		t.Fatal(err)
	}
	var f fleets.Fleet
	if err := json.Unmarshal(out.Bytes(), &f); err != nil || f.Files != 3 || dir != "" {
		t.Errorf("%+v, %v; it measured in %q", f, err, dir)
	}
}
