package fleet_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// service is the reference application: its tenants' runs are summed up by the hour.
type service struct {
	kit    *tenanttest.Kit[tenant.Schema]
	global *global.DB
	cat    *catalog.Catalog
	action map[string]tenanttest.Tenant[tenant.Schema]
	runs   int
	now    time.Time // what the clock shows
}

type hourly = fleet.Rollup[tenant.Schema, global.Schema, tenant.SummarizeRunsRow]

var launch = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

func newService(t testing.TB, names ...string) *service {
	t.Helper()
	s := &service{kit: tenanttest.New(t, tenant.Open), action: map[string]tenanttest.Tenant[tenant.Schema]{}, now: launch.Add(30 * time.Hour)}
	var err error
	if s.global, err = global.Open(t.Context(), s.kit.Dir); err == nil {
		s.cat, err = catalog.Open(t.Context(), s.kit.Dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s.add(t, name)
	}
	return s
}

// add creates a tenant that has an action.
func (s *service) add(t testing.TB, name string) {
	t.Helper()
	if _, err := s.cat.Register(t.Context(), catalog.Registration{ID: mustID(name)}); err != nil {
		t.Fatal(err)
	}
	one := s.kit.Tenant(name)
	s.action[name] = one
	err := tenant.Write(one.Context, one.DB, func(ctx context.Context, q *tenant.Queries) error {
		if _, err := q.CreateModule(ctx, tenant.CreateModuleParams{ID: "m", Slug: "m", Name: "M"}); err != nil {
			return err
		}
		_, err := q.CreateAction(ctx, tenant.CreateActionParams{ID: "a", ModuleID: "m", Name: "A", Kind: "script", Spec: "{}"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ran records a run of an action of the tenant, which ended at that time.
func (s *service) ran(t testing.TB, name string, ended time.Time, succeeded bool) {
	t.Helper()
	s.runs++
	id, one, status := fmt.Sprintf("r%d", s.runs), s.action[name], "failed"
	if succeeded {
		status = "succeeded"
	}
	err := tenant.Write(one.Context, one.DB, func(ctx context.Context, q *tenant.Queries) error {
		_, err := q.StartActionRun(ctx, tenant.StartActionRunParams{ID: id, ActionID: "a", StartedMs: ended.UnixMilli() - int64(s.runs%7)})
		if err == nil {
			_, err = q.FinishActionRun(ctx, tenant.FinishActionRunParams{ID: id, Status: status, FinishedMs: ended.UnixMilli()})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sumHour(ctx context.Context, tx *tenant.ReadTx, w fleet.Window) (tenant.SummarizeRunsRow, error) {
	return tenant.NewReader(tx).SummarizeRuns(ctx, tenant.SummarizeRunsParams{FromMs: w.From.UnixMilli(), UntilMs: w.Until.UnixMilli()})
}

// counted is sumHour, which counts its calls.
func counted(calls *int) func(context.Context, *tenant.ReadTx, fleet.Window) (tenant.SummarizeRunsRow, error) {
	return func(ctx context.Context, tx *tenant.ReadTx, w fleet.Window) (tenant.SummarizeRunsRow, error) {
		*calls++
		return sumHour(ctx, tx, w)
	}
}

func writeHour(ctx context.Context, tx *global.Tx, id tenantdb.ID, w fleet.Window, sum tenant.SummarizeRunsRow) error {
	return global.New(tx).UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{
		TenantID: id.String(), HourMs: w.From.UnixMilli(), Total: sum.Total, Succeeded: sum.Succeeded, AverageDurationMs: sum.AverageDurationMs, UpdatedMs: 1,
	})
}

// hourly returns the rollup, whose functions call before first.
func (s *service) hourly(t testing.TB, before func(what string) error) *hourly {
	t.Helper()
	r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
		fleet.RollupOptions{Name: "hourly", Since: launch, LookBack: 4, Now: func() time.Time { return s.now }},
		func(ctx context.Context, tx *tenant.ReadTx, w fleet.Window) (tenant.SummarizeRunsRow, error) {
			if err := before("read"); err != nil {
				return tenant.SummarizeRunsRow{}, err
			}
			return sumHour(ctx, tx, w)
		},
		func(ctx context.Context, tx *global.Tx, id tenantdb.ID, w fleet.Window, sum tenant.SummarizeRunsRow) error {
			if err := before("write"); err != nil {
				return err
			}
			return writeHour(ctx, tx, id, w, sum)
		})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func nothing(string) error { return nil }

// summed returns what the global database has of a tenant, hour by hour, but for hours
// without a run.
func (s *service) summed(t testing.TB, name string) (out []string) {
	t.Helper()
	rows, err := global.New(s.global).ListTenantHourlyStats(t.Context(), global.ListTenantHourlyStatsParams{TenantID: name, FromMs: 0, UntilMs: 1 << 60})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Total > 0 {
			out = append(out, fmt.Sprintf("%d: %d %d %.3f", row.HourMs, row.Total, row.Succeeded, row.AverageDurationMs))
		}
	}
	return out
}

// recomputed returns what it should have: a full computation of the hours that are closed.
func (s *service) recomputed(t testing.TB, name string) (out []string) {
	t.Helper()
	one := s.action[name]
	rows, err := tenant.New(one.DB).SummarizeRunsByHour(one.Context, tenant.SummarizeRunsByHourParams{FromMs: launch.UnixMilli(), UntilMs: s.now.Truncate(time.Hour).UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		out = append(out, fmt.Sprintf("%d: %d %d %.3f", row.HourMs, row.Total, row.Succeeded, row.AverageDurationMs))
	}
	return out
}

func (s *service) compare(t testing.TB, name string) {
	t.Helper()
	if got, want := fmt.Sprint(s.summed(t, name)), fmt.Sprint(s.recomputed(t, name)); got != want {
		t.Errorf("%s is summed up as %s, it should be %s", name, got, want)
	}
}
