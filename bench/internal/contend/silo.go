package contend

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/silokit/silo/bench/gen/fleet"
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// Silo is the generated code, through tenantdb.
var Silo = Contender{
	Name:    "silo",
	About:   "generated code through tenantdb; the handle is resolved once a request, and each call finds and leases the tenant's file",
	Schemas: []Schema{Product, Fleet},
	Crowd:   true,
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: filepath.Join(options.Dir, "silo"), MaxOpen: options.MaxOpen})
		if err != nil {
			return nil, err
		}
		if options.Schema == Fleet {
			return openSiloTenants(ctx, dir, options.Rows, fleet.Open, newSiloFleet)
		}
		return openSiloTenants(ctx, dir, options.Rows, tenant.Open, newSiloProduct)
	},
}

// SiloTenants are tenants that Silo keeps.
type SiloTenants[S tenantdb.TenantSchema] struct {
	dir   *tenantdb.Dir
	store *tenantdb.Store[S]
	ids   []tenantdb.ID
	rows  int
	view  func(context.Context, *tenantdb.TenantDB[S]) Tenant
}

func openSiloTenants[S tenantdb.TenantSchema](
	ctx context.Context, dir *tenantdb.Dir, rows int,
	open func(context.Context, *tenantdb.Dir) (*tenantdb.Store[S], error),
	view func(context.Context, *tenantdb.TenantDB[S]) Tenant,
) (Tenants, error) {
	store, err := open(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &SiloTenants[S]{dir: dir, store: store, rows: rows, view: view}, nil
}

// Create implements [Starter].
func (s *SiloTenants[S]) Create(ctx context.Context) error {
	id, err := tenantdb.ParseID(fmt.Sprintf("tenant-%05d", len(s.ids)))
	if err != nil {
		return err
	}
	s.ids = append(s.ids, id)
	return s.store.Create(ctx, id)
}

// Fresh implements [Starter].
func (s *SiloTenants[S]) Fresh(ctx context.Context, n int) (first int, err error) {
	first = len(s.ids)
	for range n {
		if err := s.Create(ctx); err != nil {
			return first, err
		}
	}
	return first, nil
}

// Prepare implements [Tenants].
func (s *SiloTenants[S]) Prepare(ctx context.Context, n int) error {
	for i := len(s.ids); i < n; i++ {
		switch err := s.Create(ctx); {
		case errors.Is(err, tenantdb.ErrTenantExists):
			continue // from an earlier process
		case err != nil:
			return err
		}
		t, err := s.Tenant(ctx, i)
		if err != nil {
			return err
		}
		if err := seed(t, s.rows); err != nil {
			return err
		}
	}
	return nil
}

// Tenant implements [Tenants]. It does what a request's middleware does.
func (s *SiloTenants[S]) Tenant(ctx context.Context, i int) (Tenant, error) {
	ctx, err := tenantdb.WithTenant(ctx, s.ids[i])
	if err != nil {
		return nil, err
	}
	db, err := s.store.Resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, db), nil
}

// CountAll implements [Tenants].
func (s *SiloTenants[S]) CountAll(ctx context.Context, n int) (int64, error) {
	return countEach(ctx, s, n)
}

// Summaries returns the total that the tenants' summaries in the global database add up
// to, having written the summaries of n tenants if they are not there.
func (s *SiloTenants[S]) Summaries(ctx context.Context, n int) (func() (int64, error), error) {
	db, err := global.Open(ctx, s.dir)
	if err != nil {
		return nil, err
	}
	q := global.New(db)
	for _, id := range s.ids[:n] {
		err := q.UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{
			TenantID: id.String(), HourMs: 3_600_000, Total: int64(s.rows), Succeeded: int64(s.rows), AverageDurationMs: 1, UpdatedMs: 3_600_000,
		})
		if err != nil {
			return nil, err
		}
	}
	return func() (sum int64, err error) {
		rows, err := q.ListTenantStats(ctx, global.ListTenantStatsParams{UntilMs: 7_200_000, MaxRows: int64(n)})
		for _, row := range rows {
			sum += row.Total
		}
		return sum, err
	}, nil
}

// Close implements [Tenants].
func (s *SiloTenants[S]) Close() error { return s.dir.Close() }
