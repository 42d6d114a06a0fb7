package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// RollupMark is how far a tenant is summed up by one rollup. Package fleet makes them.
type RollupMark struct {
	Name   string // of the rollup
	Tenant tenantdb.ID
	Period string // of its windows: hour, day or month

	// Through is until when: the windows that end until then are in; zero: none are. UTC, in milliseconds.
	Through time.Time

	// Revision counts the changes of the mark; 0 is one that is not there yet.
	Revision int64

	RanAt time.Time // when it was changed last, UTC
}

// Rollup returns the mark of a tenant, with the Revision 0 if there is none.
func (o *operations) Rollup(ctx context.Context, name string, id tenantdb.ID) (m RollupMark, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		row, err := q.GetRollup(ctx, catalogdb.GetRollupParams{Name: name, TenantID: id.String()})
		if errors.Is(err, sql.ErrNoRows) {
			m = RollupMark{Name: name, Tenant: id}
			return nil
		}
		if err == nil {
			m, err = rollupOf(&row)
		}
		return err
	})
	return m, failed("read a rollup's mark", id, err)
}

// AdvanceRollup writes a mark. It goes into the transaction that writes the sums, so that both
// count or neither. Its Revision is the one that Rollup returned before the sums were made: if the mark
// has changed since, somebody else has summed up meanwhile, perhaps of newer rows, and the error is
// [ErrConflict]. Through may go back, as when a clock was ahead. For a mark of another Period the error is [ErrInvalid].
func (o *operations) AdvanceRollup(ctx context.Context, m RollupMark) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		if m.Revision == 0 {
			n, err := q.BeginRollup(ctx, catalogdb.BeginRollupParams{Name: m.Name, TenantID: m.Tenant.String(), Period: m.Period,
				ThroughMs: m.Through.UnixMilli(), RanMs: m.RanAt.UnixMilli()})
			return conflictUnless(n, err)
		}
		have, err := q.GetRollup(ctx, catalogdb.GetRollupParams{Name: m.Name, TenantID: m.Tenant.String()})
		if err == nil && have.Period != m.Period {
			return fmt.Errorf("%w: rollup %s is by the %s, not by the %s: give it another name", ErrInvalid, m.Name, have.Period, m.Period)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		n, err := q.AdvanceRollup(ctx, catalogdb.AdvanceRollupParams{Name: m.Name, TenantID: m.Tenant.String(), Period: m.Period,
			ThroughMs: m.Through.UnixMilli(), RanMs: m.RanAt.UnixMilli(), Runs: m.Revision})
		return conflictUnless(n, err)
	})
	return failed("write a rollup's mark", m.Tenant, err)
}

// RestartRollups has all rollups of a tenant begin anew, for what it has is another's, as after a
// restore: Through is zero in its marks. Sums that were read before, and are not written yet, are
// [ErrConflict].
func (o *operations) RestartRollups(ctx context.Context, id tenantdb.ID) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error { return q.RestartRollups(ctx, id.String()) })
	return failed("restart rollups", id, err)
}

// ForgetRollup removes the marks of all tenants of a rollup that no program has any more, under its old name or at
// all: it is no longer among [Catalog.Rollups]. It returns of how many tenants there were any; 0 is no
// error, and is not recorded. What was summed up stays where the rollup has written it. A rollup that is
// run again begins anew, and sums read before, and not written yet, are [ErrConflict].
func (o *operations) ForgetRollup(ctx context.Context, name string) (tenants int64, err error) {
	err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) (err error) {
		if tenants, err = q.DeleteRollup(ctx, name); err != nil || tenants == 0 {
			return err
		}
		return record(ctx, q, Entry{Operation: "forget rollup", Detail: detail("rollup", name, "tenants", tenants)})
	})
	return tenants, failed("forget a rollup", tenantdb.ID{}, err)
}

func conflictUnless(changed int64, err error) error {
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// Rollups yields the marks of all tenants, by rollup and then by tenant, as [Catalog.List]
// does.
func (o *operations) Rollups(ctx context.Context) iter.Seq2[RollupMark, error] {
	return pages(func(last RollupMark) (page []RollupMark, err error) {
		err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
			rows, err := q.ListRollups(ctx, catalogdb.ListRollupsParams{AfterName: last.Name, AfterTenant: last.Tenant.String(), Most: pageSize})
			for i := range rows {
				m, bad := rollupOf(&rows[i])
				page, err = append(page, m), errors.Join(err, bad)
			}
			return err
		})
		return page, failed("list rollups", tenantdb.ID{}, err)
	})
}

func rollupOf(row *catalogdb.SiloRollup) (RollupMark, error) {
	id, err := tenantdb.ParseID(row.TenantID)
	return RollupMark{Name: row.Name, Tenant: id, Period: row.Period, Through: time.UnixMilli(row.ThroughMs).UTC(),
		Revision: row.Runs, RanAt: time.UnixMilli(row.RanMs).UTC()}, err
}
