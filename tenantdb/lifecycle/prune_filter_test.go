package lifecycle_test

import (
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

func TestPruneLooksAtThoseThatTheFilterMeans(t *testing.T) {
	w := newWorld(t, lifecycle.Options{Rules: keeping(1)})
	twice := lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}
	for _, name := range []string{"a", "b", "c"} {
		id := w.create(t, name, "")
		for range 2 {
			if _, err := w.m.Backup(t.Context(), id, twice); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.cat.SetLabels(t.Context(), id, map[string]string{"name": name}); err != nil {
			t.Fatal(err)
		}
		if name == "b" {
			if _, err := w.m.Suspend(t.Context(), id, lifecycle.SuspendOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		if _, err := w.m.BackupGlobal(t.Context(), twice); err != nil {
			t.Fatal(err)
		}
	}
	a, err := tenantdb.ParseID("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		filter catalog.Filter
		want   []string
	}{
		{catalog.Filter{}, []string{"a", "b", "c", ""}},
		{catalog.Filter{State: catalog.Suspended}, []string{"b"}},
		{catalog.Filter{Label: "name", Value: "c"}, []string{"c"}},
		{catalog.Filter{Label: "other"}, nil},
		{catalog.Filter{After: a}, []string{"b", "c"}},
	} {
		var got []string
		for p, err := range w.m.Prune(t.Context(), tenantdb.ID{}, lifecycle.PruneOptions{Mode: lifecycle.PruneRehearse, Filter: tt.filter}) {
			if err != nil || p.Backup.Sequence != 1 {
				t.Fatal(p, err)
			}
			got = append(got, p.Backup.Database.Tenant.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %q, want %q", tt.filter, got, tt.want)
		}
	}
}
