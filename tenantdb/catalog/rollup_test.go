package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAMarkIsAdvancedByWhoHasReadItLast(t *testing.T) {
	k := newKit(t)
	acme := tenanttest.ID(t, "acme")
	none, err := k.c.Rollup(t.Context(), "hourly", acme)
	if err != nil || none != (catalog.RollupMark{Name: "hourly", Tenant: acme}) {
		t.Fatalf("before the first run: %+v, %v", none, err)
	}
	through := time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC)
	next := none
	next.Period, next.Through, next.RanAt = "hour", through, through.Add(time.Minute)
	for revision := int64(1); revision <= 3; revision++ {
		if err := k.c.AdvanceRollup(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		if err := k.c.AdvanceRollup(t.Context(), next); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("who has read revision %d is late: %v", next.Revision, err)
		}
		next.Revision++
		if got, err := k.c.Rollup(t.Context(), "hourly", acme); err != nil || got != next || got.Revision != revision {
			t.Errorf("it is %+v, %v, want %+v", got, err, next)
		}
		next.Through, next.RanAt = next.Through.Add(time.Hour), next.RanAt.Add(time.Hour)
	}
	other := next
	other.Period = "day"
	if err := k.c.AdvanceRollup(t.Context(), other); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("by another period: %v", err)
	}
	other = next
	other.Name = "monthly"
	if err := k.c.AdvanceRollup(t.Context(), other); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("a mark that was taken away since it was read: %v", err)
	}
}

func TestMarksAreListedByRollupAndThenByTenant(t *testing.T) {
	k := newKit(t)
	const tenants = 300 // more than a page
	at := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	var want []string
	err := k.c.Write(t.Context(), func(ctx context.Context, tx *catalog.Tx) error {
		for _, name := range []string{"a", "b"} {
			for i := range tenants {
				m := catalog.RollupMark{Name: name, Tenant: tenanttest.ID(t, fmt.Sprintf("t-%04d", i)), Period: "hour", Through: at, RanAt: at}
				want = append(want, fmt.Sprint(m.Name, " ", m.Tenant))
				if err := tx.AdvanceRollup(ctx, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for m, err := range k.c.Rollups(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(m.Name, " ", m.Tenant); n >= len(want) || got != want[n] {
			t.Fatalf("the mark %d is %s", n, got)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d marks are listed, of %d", n, len(want))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ended := 0
	for _, err := range k.c.Rollups(ctx) {
		if ended++; !errors.Is(err, context.Canceled) {
			t.Errorf("the context has ended: %v", err)
		}
	}
	if ended != 1 {
		t.Errorf("it was told of %d times", ended)
	}
}

func TestARollupThatIsForgottenBeginsAnew(t *testing.T) {
	k := newKit(t)
	at := time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC)
	for _, name := range []string{"hourly", "hourly_v1"} {
		for _, who := range []string{"acme", "globex"} {
			m := catalog.RollupMark{Name: name, Tenant: tenanttest.ID(t, who), Period: "hour", Through: at, RanAt: at}
			if err := k.c.AdvanceRollup(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	read, err := k.c.Rollup(t.Context(), "hourly_v1", tenanttest.ID(t, "acme"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int64{2, 0} { // once more is no error, and not recorded
		if n, err := k.c.ForgetRollup(t.Context(), "hourly_v1"); err != nil || n != want {
			t.Errorf("it had marks of %d tenants, %v, want %d", n, err, want)
		}
	}
	for m, err := range k.c.Rollups(t.Context()) {
		if err != nil || m.Name != "hourly" {
			t.Errorf("there is %+v, %v", m, err)
		}
	}
	if err := k.c.AdvanceRollup(t.Context(), read); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("sums that were read before: %v", err)
	}
	if got, err := k.c.Rollup(t.Context(), "hourly_v1", read.Tenant); err != nil || got.Revision != 0 {
		t.Errorf("it is %+v, %v", got, err)
	}
	if got := k.entries(t, tenantdb.ID{}); len(got) != 1 || got[0] != `: forget rollup  {"rollup":"hourly_v1","tenants":2}: ok` {
		t.Errorf("recorded is %q", got)
	}
}
