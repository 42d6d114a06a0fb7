package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Usage is what the calls on a tenant came to in an hour, in all processes whose counts are in: what
// a call, an error and a slow call are, [tenantdb.Usage] says. Package fleet's Recorder makes
// them.
type Usage struct {
	Tenant tenantdb.ID
	Hour   time.Time // when it began, UTC; on an hour
	Calls  int64
	Errors int64 // of the calls
	Slow   int64 // likewise
	Size   int64 // of the file and its log, in bytes, when it was last looked at in the hour; 0: it was not

	// Since is when the counting began of what is added: of a tenant whose ID was another's then, nothing is,
	// for it may be of that one. Zero means that it is all the tenant's own. It is not kept.
	Since time.Time
}

// allOwn is the Since of counts that are the tenant's own: none was registered later.
var allOwn = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// AddUsage adds up what is given with what there is of the same tenants and hours, in one
// transaction; a Size replaces the one before, and is the tenant's from now on. Tenants that are not registered are left out, and so is
// what another tenant of the ID was asked (see [Usage].Since), so that
// nothing comes back of one that was erased. Hours are cut off to whole ones. Do not call it
// again after [tenantdb.ErrOutcomeUnknown], which may have been added.
func (o *operations) AddUsage(ctx context.Context, all []Usage) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		for _, one := range all {
			if one.Since.IsZero() {
				one.Since = allOwn
			}
			added, err := q.AddUsage(ctx, catalogdb.AddUsageParams{
				HourMs: one.Hour.Truncate(time.Hour).UnixMilli(), TenantID: one.Tenant.String(),
				Calls: one.Calls, Errors: one.Errors, Slow: one.Slow, SizeBytes: one.Size, Since: one.Since,
			})
			if err == nil && added > 0 && one.Size > 0 {
				err = q.SetSize(ctx, catalogdb.SetSizeParams{TenantID: one.Tenant.String(), SizeBytes: &one.Size})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return failed("add usage", tenantdb.ID{}, err)
}

// PruneUsage removes the hours that began before a time, the oldest first and at most so many, and
// returns how many.
func (o *operations) PruneUsage(ctx context.Context, before time.Time, most int64) (pruned int64, err error) {
	err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) (err error) {
		pruned, err = q.PruneUsage(ctx, catalogdb.PruneUsageParams{BeforeMs: before.UnixMilli(), Most: most})
		return err
	})
	return pruned, failed("prune usage", tenantdb.ID{}, err)
}

// UsageOf returns the hours of a tenant from the one on that a time is in, in order; hours
// without a call are left out, as is all of a tenant that is not known.
func (o *operations) UsageOf(ctx context.Context, id tenantdb.ID, since time.Time) (all []Usage, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		rows, err := q.ListUsageOfTenant(ctx, catalogdb.ListUsageOfTenantParams{TenantID: id.String(), SinceMs: hourMs(since)})
		for _, row := range rows {
			all = append(all, Usage{Tenant: id, Hour: time.UnixMilli(row.HourMs).UTC(), Calls: row.Calls, Errors: row.Errors, Slow: row.Slow, Size: row.SizeBytes})
		}
		return err
	})
	return all, failed("read usage", id, err)
}

// hourMs returns the hour that a time is in, as the tables have it. The zero time is before all.
func hourMs(t time.Time) int64 { return t.UTC().Truncate(time.Hour).UnixMilli() }

// TopBy is what [Catalog.Top] sorts by.
type TopBy string

// What tenants are sorted by.
const (
	ByCalls  TopBy = "calls"
	ByErrors TopBy = "errors"
	BySlow   TopBy = "slow"
	BySize   TopBy = "size"
)

// TopOptions say which tenants are the first. The zero value means the defaults.
type TopOptions struct {
	By    TopBy     // defaults to ByCalls
	Since time.Time // calls from the hour on that this is in; defaults to all that is kept
	Limit int       // of so many; defaults to 20, and negative means all
}

// TenantUsage is what the calls on a tenant came to, and how large it is.
type TenantUsage struct {
	Tenant              tenantdb.ID
	DisplayName         string
	State               State
	Calls, Errors, Slow int64
	Size                int64 // in bytes, when that was last looked at; 0: it never was
}

const defaultTop = 20

// Top returns the tenants that have most of something, the first first, and by ID those that
// have as much. Tenants that were not called are among them, deleted ones are not. It reads
// the global database, and opens no tenant. For a By that there is not it is [ErrInvalid].
func (o *operations) Top(ctx context.Context, options TopOptions) (all []TenantUsage, err error) {
	switch {
	case options.By == "":
		options.By = ByCalls
	case options.By != ByCalls && options.By != ByErrors && options.By != BySlow && options.By != BySize:
		return nil, failed("list the top tenants", tenantdb.ID{}, fmt.Errorf("%w: TopOptions.By is %q; use ByCalls, ByErrors, BySlow or BySize", ErrInvalid, options.By))
	}
	switch {
	case options.Limit == 0:
		options.Limit = defaultTop
	case options.Limit < 0:
		options.Limit = -1
	}
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		rows, err := q.TopTenants(ctx, catalogdb.TopTenantsParams{SinceMs: hourMs(options.Since), SortBy: string(options.By), Most: int64(options.Limit)})
		for _, row := range rows {
			id, err := tenantdb.ParseID(row.ID)
			if err != nil {
				return err
			}
			all = append(all, TenantUsage{Tenant: id, DisplayName: row.DisplayName, State: State(row.State),
				Calls: row.Calls, Errors: row.Errors, Slow: row.Slow, Size: row.Bytes})
		}
		return err
	})
	return all, failed("list the top tenants", tenantdb.ID{}, err)
}
