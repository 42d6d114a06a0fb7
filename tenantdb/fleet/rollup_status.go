package fleet

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// RollupStatus is how far a rollup is.
type RollupStatus struct {
	Name    string
	Period  string    // hour, day or month
	Tenants int       // that are in use: those that the catalog says are active or suspended
	Behind  int       // of them, those of which a window that is closed is not in
	Through time.Time // the end of the last window that is in of all of them; zero: one was never summed up
	RanAt   time.Time // when it last did something
}

// Lag returns how long ago the first window ended that is not in of all tenants; 0 if there is
// none. The window that it is now does not count.
func (s RollupStatus) Lag(now time.Time) time.Duration {
	if s.Behind == 0 || s.Through.IsZero() {
		return 0
	}
	return now.Sub(periodOf(s.Period).step(s.Through, 1))
}

func periodOf(name string) Period {
	for _, p := range [...]Period{Hour, Day, Month} {
		if p.String() == name {
			return p
		}
	}
	return Hour
}

// Rollups returns how far all rollups are that have ever run, by name, from the catalog: it opens
// no tenant.
func Rollups(ctx context.Context, cat *catalog.Catalog, now time.Time) ([]RollupStatus, error) {
	used := map[tenantdb.ID]struct{}{}
	for t, err := range cat.List(ctx, catalog.Filter{}) {
		if err != nil {
			return nil, err
		}
		if t.State == catalog.Active || t.State == catalog.Suspended {
			used[t.ID] = struct{}{}
		}
	}
	type count struct {
		RollupStatus
		current int
		seen    int
	}
	all := map[string]*count{}
	for m, err := range cat.Rollups(ctx) {
		if err != nil {
			return nil, err
		}
		c := all[m.Name]
		if c == nil {
			c = &count{RollupStatus: RollupStatus{Name: m.Name, Period: m.Period, Tenants: len(used)}}
			all[m.Name] = c
		}
		if m.RanAt.After(c.RanAt) {
			c.RanAt = m.RanAt
		}
		if _, ok := used[m.Tenant]; !ok {
			continue
		}
		c.seen++
		if p := periodOf(m.Period); !m.Through.Before(p.floor(now)) {
			c.current++
		}
		if c.seen == 1 || m.Through.Before(c.Through) {
			c.Through = m.Through
		}
	}
	var out []RollupStatus
	for _, c := range all {
		c.Behind = c.Tenants - c.current
		if c.seen < c.Tenants {
			c.Through = time.Time{}
		}
		out = append(out, c.RollupStatus)
	}
	slices.SortFunc(out, func(a, b RollupStatus) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
