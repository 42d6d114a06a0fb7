package catalog_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// usage is what is recorded in these tests: calls, errors, slow calls and size.
func usage(t testing.TB, name string, at time.Time, calls, failed, slow, size int64) catalog.Usage {
	t.Helper()
	return catalog.Usage{Tenant: tenanttest.ID(t, name), Hour: at, Calls: calls, Errors: failed, Slow: slow, Size: size}
}

// withUsage is a catalog with three tenants, of which initech was never called.
func withUsage(t testing.TB) *kit {
	t.Helper()
	k := newKit(t)
	for _, name := range []string{"acme", "globex", "initech"} {
		if _, err := k.c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, name), DisplayName: "of " + name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.c.NoteSeen(t.Context(), tenanttest.ID(t, "initech"), catalog.Seen{SchemaVersion: 1, SizeBytes: 9000}); err != nil {
		t.Fatal(err)
	}
	add(t, k, usage(t, "acme", noon, 5, 1, 0, 4000), usage(t, "acme", noon.Add(time.Hour), 2, 0, 1, 8000), usage(t, "globex", noon.Add(30*time.Minute), 6, 0, 0, 5000))
	return k
}

func add(t testing.TB, k *kit, all ...catalog.Usage) {
	t.Helper()
	if err := k.c.AddUsage(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func TestUsageAddsUpByTenantAndHour(t *testing.T) {
	k := withUsage(t)
	add(t, k, usage(t, "acme", noon.Add(59*time.Minute), 10, 2, 3, 0), usage(t, "nobody", noon, 1, 1, 1, 1))
	got, err := k.c.UsageOf(t.Context(), tenanttest.ID(t, "acme"), noon.Add(20*time.Minute))
	want := []catalog.Usage{usage(t, "acme", noon, 15, 3, 3, 4000), usage(t, "acme", noon.Add(time.Hour), 2, 0, 1, 8000)}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("of acme there is %v, %v, want %v", got, err, want)
	}
	if got, err := k.c.UsageOf(t.Context(), tenanttest.ID(t, "acme"), noon.Add(time.Hour)); err != nil || !slices.Equal(got, want[1:]) {
		t.Errorf("since the second hour there is %v, %v", got, err)
	}
	if got, err := k.c.UsageOf(t.Context(), tenanttest.ID(t, "nobody"), time.Time{}); err != nil || len(got) > 0 {
		t.Errorf("of a tenant that is not registered there is %v, %v", got, err)
	}
}

func TestTopSortsAllThatAreNotDeleted(t *testing.T) {
	k := withUsage(t)
	late := noon.Add(time.Hour)
	for _, test := range []struct {
		options catalog.TopOptions
		want    string
	}{
		{catalog.TopOptions{}, "[acme 7 1 1 8000] [globex 6 0 0 5000] [initech 0 0 0 9000]"},
		{catalog.TopOptions{By: catalog.ByCalls, Since: late.Add(time.Minute)}, "[acme 2 0 1 8000] [globex 0 0 0 5000] [initech 0 0 0 9000]"},
		{catalog.TopOptions{By: catalog.ByErrors, Limit: 1}, "[acme 7 1 1 8000]"},
		{catalog.TopOptions{By: catalog.BySlow, Limit: 2}, "[acme 7 1 1 8000] [globex 6 0 0 5000]"},
		{catalog.TopOptions{By: catalog.BySize, Limit: -1}, "[initech 0 0 0 9000] [acme 7 1 1 8000] [globex 6 0 0 5000]"},
	} {
		all, err := k.c.Top(t.Context(), test.options)
		got := ""
		for i, one := range all {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprint([]any{one.Tenant, one.Calls, one.Errors, one.Slow, one.Size})
			if one.DisplayName != "of "+one.Tenant.String() || one.State == "" {
				t.Errorf("%v is called %q and is %q", one.Tenant, one.DisplayName, one.State)
			}
		}
		if err != nil || got != test.want {
			t.Errorf("%+v: %s, %v, want %s", test.options, got, err, test.want)
		}
	}
	if _, err := k.c.Top(t.Context(), catalog.TopOptions{By: "age"}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("by age: %v", err)
	}
}

func TestTotalsAreByHourOrDay(t *testing.T) {
	k := withUsage(t)
	add(t, k, usage(t, "globex", noon.Add(13*time.Hour), 1, 0, 0, 5000))
	for length, want := range map[time.Duration]string{
		time.Hour:      "2026-03-01T12: 2 tenants 11 1 0; 2026-03-01T13: 1 tenants 2 0 1; 2026-03-02T01: 1 tenants 1 0 0; ",
		24 * time.Hour: "2026-03-01T00: 2 tenants 13 1 1; 2026-03-02T00: 1 tenants 1 0 0; ",
	} {
		all, err := k.c.Totals(t.Context(), noon.Add(10*time.Minute), length)
		got := ""
		for _, one := range all.Spans {
			got += fmt.Sprintf("%s: %d tenants %d %d %d; ", one.From.Format("2006-01-02T15"), one.Tenants, one.Calls, one.Errors, one.Slow)
		}
		if err != nil || got != want || all.Size != 22000 || len(all.States) != 1 {
			t.Errorf("by %v: %s%d bytes, states %v, %v; want %s", length, got, all.Size, all.States, err, want)
		}
	}
	if _, err := k.c.Totals(t.Context(), noon, time.Minute); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("by the minute: %v", err)
	}
}

func TestPruneRemovesTheOldestFirst(t *testing.T) {
	k := withUsage(t)
	for i, want := range []int64{1, 1, 0} {
		if n, err := k.c.PruneUsage(t.Context(), noon.Add(time.Hour), 1); err != nil || n != want {
			t.Errorf("call %d has removed %d, %v, want %d", i, n, err, want)
		}
	}
	got, err := k.c.UsageOf(t.Context(), tenanttest.ID(t, "acme"), time.Time{})
	if err != nil || len(got) != 1 || !got[0].Hour.Equal(noon.Add(time.Hour)) {
		t.Errorf("of acme there is %v, %v", got, err)
	}
}

func TestATenantThatIsForgottenTakesItsUsage(t *testing.T) {
	k := withUsage(t)
	acme := tenanttest.ID(t, "acme")
	one, err := k.c.Get(t.Context(), acme)
	if err == nil {
		err = k.c.Forget(t.Context(), acme, one.Generation)
	}
	if err != nil {
		t.Fatal(err)
	}
	add(t, k, usage(t, "acme", noon, 1, 0, 0, 0)) // by a process that does not know it yet
	if got, err := k.c.UsageOf(t.Context(), acme, time.Time{}); err != nil || len(got) > 0 {
		t.Errorf("there is still %v, %v", got, err)
	}
	var none catalog.Catalog
	if err := none.AddUsage(t.Context(), nil); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("of a zero catalog: %v", err)
	}
}

// A count may be of the tenant that had the ID when the counting began, so that of the next one it is not.
func TestUsageOfATenantThatWasForgottenIsNotThatOfTheNextOneOfItsID(t *testing.T) {
	type times struct{ beforeForgotten, between, after time.Time }
	for name, tt := range map[string]struct {
		since func(times) time.Time
		want  int64
	}{
		"counted from before it was forgotten":        {func(t times) time.Time { return t.beforeForgotten }, 0},
		"counted from before the next was registered": {func(t times) time.Time { return t.between }, 5},
		"counted from after that":                     {func(t times) time.Time { return t.after }, 5},
		"said to be the tenant's own":                 {func(times) time.Time { return time.Time{} }, 5},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			acme, err := k.c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "acme")})
			if err != nil {
				t.Fatal(err)
			}
			var at times
			at.beforeForgotten = nextMillisecond()
			if err := k.c.Forget(t.Context(), acme.ID, acme.Generation); err != nil {
				t.Fatal(err)
			}
			at.between = nextMillisecond()
			if _, err := k.c.Register(t.Context(), catalog.Registration{ID: acme.ID}); err != nil {
				t.Fatal(err)
			}
			at.after = nextMillisecond()
			counted := usage(t, "acme", noon, 5, 0, 0, 4096)
			counted.Since = tt.since(at)
			add(t, k, counted)
			got, err := k.c.UsageOf(t.Context(), acme.ID, time.Time{})
			calls := int64(0)
			for _, hour := range got {
				calls += hour.Calls
			}
			if err != nil || calls != tt.want {
				t.Errorf("there are %v, %v", got, err)
			}
			top, err := k.c.Top(t.Context(), catalog.TopOptions{})
			if want := min(tt.want, 1) * counted.Size; err != nil || len(top) != 1 || top[0].Size != want {
				t.Errorf("the first is %+v, %v, want a size of %d", top, err, want)
			}
		})
	}
}

// nextMillisecond returns a time that the catalog, which knows milliseconds, tells from what was before.
func nextMillisecond() time.Time {
	for now := time.Now().Truncate(time.Millisecond); ; {
		if next := time.Now(); next.Truncate(time.Millisecond).After(now) {
			return next
		}
	}
}

// Of an ID that was nobody's before, all that is counted is the tenant's.
func TestUsageCountedSinceBeforeATenantWasRegisteredIsItsOwn(t *testing.T) {
	k := withUsage(t)
	counted := usage(t, "initech", noon, 5, 0, 0, 0)
	counted.Since = time.Now().Add(-time.Hour)
	add(t, k, counted)
	got, err := k.c.UsageOf(t.Context(), counted.Tenant, time.Time{})
	if err != nil || len(got) != 1 || got[0].Calls != 5 || !got[0].Since.IsZero() {
		t.Errorf("there are %v, %v", got, err)
	}
}
