package cycle

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// smallSetting does each operation a few times: the tests hold that operations work, and
// time nothing.
func smallSetting(t *testing.T) Setting {
	t.Helper()
	return Setting{
		Bench:   operate.Bench{Rounds: measure.Rounds{Count: 1, Scale: 0.02}, Dir: t.TempDir(), Say: t.Logf},
		Tenants: 3, SmallRows: 10, LargeRows: 500, Large: 2, Few: 2, Many: 4,
	}
}

func TestGroups(t *testing.T) {
	s := smallSetting(t)
	for name, group := range map[string]func(context.Context) (operate.Table, error){
		"create": s.Create,
		"backup": s.Backup,
		"copies": s.Copies,
		"writer": func(ctx context.Context) (operate.Table, error) {
			table, _, err := s.Writer(ctx)
			return table, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := group(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if table.ID != name || len(table.Rows) == 0 || !slices.Contains(table.Order, Silo) {
				t.Errorf("the table is %q of %v with %d rows", table.ID, table.Order, len(table.Rows))
			}
			for _, row := range table.Rows {
				for _, contender := range table.Order {
					if len(row.Samples[contender]) != 1 {
						t.Errorf("%s: %d samples of %s, want 1", row.Title, len(row.Samples[contender]), contender)
					}
				}
			}
		})
	}
	if err := s.Clear(); err != nil {
		t.Error(err)
	}
	if behind, err := filepath.Glob(filepath.Join(s.Dir, "*")); err != nil || len(behind) > 0 {
		t.Errorf("left behind: %v, %v", behind, err)
	}
}

func TestAFleetIsMadeOpenedBackedUpAndListed(t *testing.T) {
	f, err := RunFleet(t.Context(), fleets.Argument(5, filepath.Join(t.TempDir(), "fleet")))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{StepCreate, StepOpen, StepBackUp, StepList, StepDoctor} {
		if f.Step(step).Took <= 0 {
			t.Errorf("%s took no time", step)
		}
	}
	if f.Tenants != 5 || f.Peak < 1<<20 || f.Files < 3 {
		t.Errorf("got %+v", f)
	}
}
