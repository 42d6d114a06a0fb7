package fleet_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

func TestASelectionMeansWhomItSays(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 12, 1)}, 1)
	if err := w.store.Create(t.Context(), mustID("unregistered")); err != nil {
		t.Fatal(err)
	}
	if err := w.cat.SetLabels(t.Context(), mustID(name(3)), map[string]string{"last": "3", "plan": "pro"}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		s    fleet.Selection
		want string
	}{
		{"two by ID", fleet.Selection{Tenants: ids(name(4), name(1), name(4))}, "t-001 t-004"},
		{"a pattern", fleet.Selection{Match: []string{"t-01*"}}, "t-010 t-011"},
		{"one of two patterns, but for one", fleet.Selection{Match: []string{"t-00[0-2]", "un*"}, Except: []string{name(1)}}, "t-000 t-002 unregistered"},
		{"a label", fleet.Selection{Labels: map[string]string{"last": "1"}}, "t-001 t-011"},
		{"two labels", fleet.Selection{Labels: map[string]string{"last": "3", "plan": "pro"}}, "t-003"},
		{"a label of nobody", fleet.Selection{Labels: map[string]string{"plan": "free"}}, ""},
		{"a label and a pattern", fleet.Selection{Labels: map[string]string{"last": "1"}, Match: []string{"t-00*"}}, "t-001"},
		{"those of some that have a label", fleet.Selection{Tenants: ids(name(1), name(2)), Labels: map[string]string{"last": "2"}}, "t-002"},
		{"all but most", fleet.Selection{Except: []string{"t-0*"}}, "unregistered"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var seen visited
			err := fleet.Each(t.Context(), w.store, fleet.Options{Select: test.s, Catalog: w.cat}, func(_ context.Context, handle *db) error {
				seen.add(handle.Tenant())
				return nil
			})
			if got := strings.Join(seen.sorted(), " "); err != nil || got != test.want {
				t.Errorf("%s, %v; want %s", got, err, test.want)
			}
		})
	}
}

func TestASelectionThatMeansNothingIsRefused(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 1, 1)}, 1)
	for name, o := range map[string]fleet.Options{
		"no pattern":          {Select: fleet.Selection{Match: []string{"[a"}}},
		"an empty pattern":    {Select: fleet.Selection{Except: []string{""}}},
		"labels, no catalog":  {Select: fleet.Selection{Labels: map[string]string{"plan": "pro"}}},
		"a label of a nobody": {Catalog: w.cat, Select: fleet.Selection{Tenants: ids("nobody"), Labels: map[string]string{"plan": "pro"}}},
	} {
		err := fleet.Each(t.Context(), w.store, o, func(context.Context, *db) error { return nil })
		if !errors.Is(err, fleet.ErrBadSelection) && !errors.Is(err, catalog.ErrNotRegistered) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAListOfIDsHasOneALine(t *testing.T) {
	got, err := fleet.ReadIDs(strings.NewReader("acme\n\n  globex  # the second\r\n# nobody\ninitech"))
	if err != nil || !slices.Equal(got, ids("acme", "globex", "initech")) {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{"acme\nGlobex\n", "a b", "../x", strings.Repeat("x", 1<<17)} {
		if _, err := fleet.ReadIDs(strings.NewReader(text)); !errors.Is(err, fleet.ErrBadSelection) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if _, err := fleet.ReadIDs(strings.NewReader("acme\nGlobex\n")); !strings.Contains(err.Error(), "line 2") {
		t.Error(err)
	}
}

// Whatever is in the file: what is read are IDs, and written down they are read again.
func FuzzAListOfIDs(f *testing.F) {
	for _, seed := range []string{"acme\nglobex", "# x\n\na", "a\x00", "a#b\r\n", "\n\n", "ÄÖ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := fleet.ReadIDs(strings.NewReader(text))
		if err != nil {
			return
		}
		var lines []string
		for _, id := range got {
			if parsed, err := tenantdb.ParseID(id.String()); err != nil || parsed != id {
				t.Fatalf("%q is no ID", id)
			}
			lines = append(lines, id.String())
		}
		again, err := fleet.ReadIDs(strings.NewReader(strings.Join(lines, "\n")))
		if err != nil || !slices.Equal(again, got) {
			t.Fatalf("%q, %v; want %q", again, err, got)
		}
	})
}
