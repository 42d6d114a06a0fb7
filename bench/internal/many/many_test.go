package many

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// smallSetting does each operation a few times: the tests hold that operations work, and
// time nothing. goose's command is not built for that.
func smallSetting(t *testing.T) Setting {
	t.Helper()
	return Setting{
		Bench:    operate.Bench{Rounds: measure.Rounds{Count: 1, Scale: 0.02}, Dir: t.TempDir(), Say: t.Logf},
		Migrated: 3, Rows: 5, Open: 3, Cold: 4, Few: 2, Many: 4,
	}
}

func TestGroups(t *testing.T) {
	s := smallSetting(t)
	for name, group := range map[string]func(context.Context) (operate.Table, error){"migrate": s.Migrate, "ask": s.Ask} {
		t.Run(name, func(t *testing.T) {
			table, err := group(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if table.ID != name || len(table.Rows) != 2 || !slices.Contains(table.Order, Silo) {
				t.Errorf("the table is %q of %v with %d rows", table.ID, table.Order, len(table.Rows))
			}
			for _, row := range table.Rows {
				if len(row.Samples[Silo]) != 1 || len(row.Samples) < 3 {
					t.Errorf("%s: samples of %d contenders", row.Title, len(row.Samples))
				}
			}
		})
	}
	if left, err := filepath.Glob(filepath.Join(s.Dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAFleetIsMigratedAndAsked(t *testing.T) {
	root := t.TempDir()
	if err := prepareFleet(t.Context(), root, 5); err != nil {
		t.Fatal(err)
	}
	f, err := RunFleet(t.Context(), fleets.Argument(5, root))
	if err != nil {
		t.Fatal(err)
	}
	if f.Tenants != 5 || f.Peak < 1<<20 || f.Files < 3 || len(f.Steps) != 7 {
		t.Errorf("got %+v", f)
	}
	for _, step := range f.Steps {
		each := !strings.HasPrefix(step.Name, "status") && step.Name != "ask "+RolledUp
		if step.Took <= 0 || step.Peak < 1<<20 || step.Peak > f.Peak || (step.P99 > 0) != each {
			t.Errorf("got %+v", step)
		}
	}
}
