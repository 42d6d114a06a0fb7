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
	Tenants int       // that are in use: those that the catalog says are active, or suspended but for reading
	Behind  int       // of them, those of which a window that is closed is not in
	Through time.Time // the end of the last window that is in of all of them; zero: there are none
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
// no tenant. Of a tenant that was never summed up, or is to be anew, or was by a clock that was more than
// a window ahead of now, the windows count as in which had ended when it was registered. Tenants that nobody may open are left out: they are summed up when they are
// resumed.
func Rollups(ctx context.Context, cat *catalog.Catalog, now time.Time) ([]RollupStatus, error) {
	since := map[tenantdb.ID]time.Time{} // when those that are in use were registered
	for t, err := range cat.List(ctx, catalog.Filter{}) {
		if err != nil {
			return nil, err
		}
		if t.State == catalog.Active || t.State == catalog.Suspended && t.Suspension == catalog.ReadOnly {
			since[t.ID] = t.CreatedAt
		}
	}
	type standing struct {
		RollupStatus
		period Period
		marked map[tenantdb.ID]struct{} // of those in use
	}
	all := map[string]*standing{}
	note := func(s *standing, through time.Time) {
		if through.Before(s.period.floor(now)) {
			s.Behind++
		}
		if s.Through.IsZero() || through.Before(s.Through) {
			s.Through = through
		}
	}
	for m, err := range cat.Rollups(ctx) {
		if err != nil {
			return nil, err
		}
		s := all[m.Name]
		if s == nil {
			s = &standing{RollupStatus: RollupStatus{Name: m.Name, Period: m.Period, Tenants: len(since)}, period: periodOf(m.Period), marked: map[tenantdb.ID]struct{}{}}
			all[m.Name] = s
		}
		if m.RanAt.After(s.RanAt) {
			s.RanAt = m.RanAt
		}
		// A mark of a clock that was ahead says nothing of what is in; one window may be another
		// process's clock.
		ahead := s.period.count(s.period.floor(now), m.Through) > 1
		if _, ok := since[m.Tenant]; ok && !m.Through.IsZero() && !ahead {
			s.marked[m.Tenant] = struct{}{}
			note(s, m.Through)
		}
	}
	var out []RollupStatus
	for _, s := range all {
		for id, registered := range since {
			if _, ok := s.marked[id]; !ok {
				note(s, s.period.floor(registered))
			}
		}
		out = append(out, s.RollupStatus)
	}
	slices.SortFunc(out, func(a, b RollupStatus) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
