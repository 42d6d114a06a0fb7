package catalog_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// many registers tenants in one transaction: each third is suspended, each tenth is gold.
func (k *kit) many(t testing.TB, n int) {
	t.Helper()
	err := k.c.Write(t.Context(), func(ctx context.Context, tx *catalog.Tx) error {
		for i := range n {
			r := catalog.Registration{ID: tenanttest.ID(t, fmt.Sprintf("t%05d", i)), Labels: map[string]string{"no": fmt.Sprint(i)}}
			if i%3 == 0 {
				r.State = catalog.Suspended
			}
			if i%10 == 0 {
				r.Labels["plan"] = "gold"
			}
			if _, err := tx.Register(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTenantsAreListedInOrderInLittleMemory(t *testing.T) {
	k := newKit(t)
	const n = 10_000
	k.many(t, n)
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	var at int
	var early, late int64
	for got, err := range k.c.List(t.Context(), catalog.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if got.ID.String() != fmt.Sprintf("t%05d", at) || got.Labels["no"] != fmt.Sprint(at) || (got.Labels["plan"] == "gold") != (at%10 == 0) {
			t.Fatalf("tenant %d is %+v", at, got)
		}
		switch at {
		case 500:
			early = heap()
		case n - 100:
			late = heap()
		}
		at++
	}
	if at != n {
		t.Errorf("%d were listed", at)
	}
	if grown := late - early; grown > 256<<10 {
		t.Errorf("the memory in use grew by %d bytes", grown)
	}
}

func TestListingsAreFilteredLeftAndGoneOnWith(t *testing.T) {
	k := newKit(t)
	const n = 1000
	k.many(t, n)
	tests := []struct {
		name   string
		filter catalog.Filter
		want   func(i int) bool
	}{
		{"by state", catalog.Filter{State: catalog.Suspended}, func(i int) bool { return i%3 == 0 }},
		{"by label", catalog.Filter{Label: "plan", Value: "gold"}, func(i int) bool { return i%10 == 0 }},
		{"by both", catalog.Filter{State: catalog.Active, Label: "plan", Value: "gold"}, func(i int) bool { return i%10 == 0 && i%3 != 0 }},
		{"behind one", catalog.Filter{After: tenanttest.ID(t, "t00700")}, func(i int) bool { return i > 700 }},
		{"by a label's other value", catalog.Filter{Label: "plan", Value: "tin"}, func(int) bool { return false }},
		{"in a state that none is in", catalog.Filter{State: catalog.Deleted}, func(int) bool { return false }},
	}
	for _, tt := range tests {
		var got, want []string
		for i := range n {
			if tt.want(i) {
				want = append(want, fmt.Sprintf("t%05d", i))
			}
		}
		for tenant, err := range k.c.List(t.Context(), tt.filter) {
			if err != nil {
				t.Fatal(err)
			}
			if tenant.Labels["no"] == "" {
				t.Errorf("%s: %s has no labels", tt.name, tenant.ID)
			}
			got = append(got, tenant.ID.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d tenants, want %d", tt.name, len(got), len(want))
		}
	}
	all, left := k.c.List(t.Context(), catalog.Filter{}), 0
	for range all {
		if left++; left == 300 {
			break
		}
	}
	for tenant, err := range all { // anew
		if err != nil || tenant.ID.String() != "t00000" {
			t.Errorf("it goes on with %v, %v", tenant.ID, err)
		}
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	errs := 0
	for tenant, err := range k.c.List(ctx, catalog.Filter{}) {
		if err == nil || tenant.ID != (tenantdb.ID{}) {
			t.Errorf("after its context's end it lists %v", tenant.ID)
		}
		errs++
	}
	if errs != 1 {
		t.Errorf("%d errors", errs)
	}
}

func TestEntriesAreListedNewestFirst(t *testing.T) {
	k := newKit(t)
	k.many(t, 600)
	last, n := int64(0), 0
	for e, err := range k.c.Entries(t.Context(), tenantdb.ID{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 && e.ID >= last || e.At.IsZero() || e.Operation != "register" {
			t.Fatalf("entry %d is %+v", n, e)
		}
		last = e.ID
		n++
	}
	if n != 600 {
		t.Errorf("%d entries", n)
	}
	id := tenanttest.ID(t, "t00007")
	ctx := catalog.WithActor(t.Context(), "ann")
	if err := k.c.Record(ctx, catalog.Entry{Operation: "export", Tenant: id, Result: "failed: no room", Detail: []byte(`{"to":"/x"}`)}); err != nil {
		t.Fatal(err)
	}
	if got := k.entries(t, id); len(got) != 2 || got[1] != `ann: export t00007 {"to":"/x"}: failed: no room` {
		t.Errorf("recorded was %q", got)
	}
}
