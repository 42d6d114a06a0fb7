package catalog_test

import (
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// A tenant is as large as it was when it was last looked at, whoever did: to serve it, or to restore
// or migrate it. And it is that after the hours are forgotten in which it was called.
func TestATenantHasTheSizeThatWasLastSeen(t *testing.T) {
	k := withUsage(t)
	acme := tenanttest.ID(t, "acme")
	want := func(size int64) {
		t.Helper()
		top, err := k.c.Top(t.Context(), catalog.TopOptions{Limit: -1})
		got := int64(-1)
		for _, one := range top {
			if one.Tenant == acme {
				got = one.Size
			}
		}
		if err != nil || got != size {
			t.Errorf("acme has %d bytes, %v, want %d", got, err, size)
		}
		all, err := k.c.Totals(t.Context(), noon, time.Hour)
		if others := int64(9000 + 5000); err != nil || all.Size != others+size {
			t.Errorf("all have %d bytes, %v, want %d", all.Size, err, others+size)
		}
	}
	want(8000)
	if err := k.c.NoteSeen(t.Context(), acme, catalog.Seen{SchemaVersion: 1, SizeBytes: 700}); err != nil {
		t.Fatal(err)
	}
	want(700)
	add(t, k, usage(t, "acme", noon.Add(2*time.Hour), 1, 0, 0, 600), usage(t, "acme", noon.Add(2*time.Hour), 1, 0, 0, 0))
	want(600)
	if _, err := k.c.PruneUsage(t.Context(), noon.Add(24*time.Hour), 100); err != nil {
		t.Fatal(err)
	}
	want(600)
}
