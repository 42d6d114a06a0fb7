package fleet

import (
	"context"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// RollupPlan is what a run of a rollup would do.
type RollupPlan struct {
	Period  string    // hour, day or month
	Tenants int       // that would be visited, closed ones among them, which are passed over then
	Windows int       // that would be summed up, of all these tenants together
	Until   time.Time // the end of the last window that is closed, UTC
}

// Plan says what [Rollup.Run] would do now, or with a from that is not zero what [Rollup.RunFrom]
// would. It reads the catalog, opens no tenant and writes nothing. Errors are those of the
// selection ([ErrBadSelection]) and of reading.
func (r *Rollup[T, G, R]) Plan(ctx context.Context, from time.Time, o Options) (RollupPlan, error) {
	if o.Catalog == nil {
		o.Catalog = r.catalog
	}
	period := r.options.Period
	plan := RollupPlan{Period: period.String(), Until: period.floor(r.options.Now())}
	ids, err := o.Select.tenants(ctx, r.store, o.Catalog)
	if err != nil {
		return plan, failed("plan a rollup", err)
	}
	marks := map[tenantdb.ID]catalog.RollupMark{}
	for m, err := range r.catalog.Rollups(ctx) {
		if err != nil {
			return plan, err
		}
		if m.Name == r.options.Name {
			marks[m.Tenant] = m
		}
	}
	c := course(r.resumeAt)
	if !from.IsZero() {
		c = r.againFrom(from)
	}
	for _, id := range ids {
		first, _ := c(marks[id], plan.Until)
		plan.Windows += period.count(first, plan.Until)
	}
	plan.Tenants = len(ids)
	return plan, nil
}
