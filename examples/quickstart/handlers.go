package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

type server struct {
	app    *App
	logger *slog.Logger
}

// routes returns all that the service answers.
func routes(app *App, logger *slog.Logger) http.Handler {
	s := &server{app, logger}
	mux := http.NewServeMux()
	mux.Handle("GET /modules", s.ofTenant(listModules))
	mux.Handle("POST /modules", s.ofTenant(createModule))
	mux.Handle("POST /modules/{id}/actions", s.ofTenant(createAction))
	mux.Handle("POST /actions/{id}/runs", s.ofTenant(recordRun))
	mux.Handle("GET /audit", s.ofTenant(listAudit))
	mux.Handle("POST /summary", s.ofTenant(summarize))
	mux.Handle("GET /stats", s.ofAll(listStats))
	return mux
}

func listModules(r *http.Request, rq *Request) (any, error) {
	return list(rq.Queries.ListModules(r.Context(), nil))
}

// createModule adds a module and says so in the audit log: both, or neither.
func createModule(r *http.Request, rq *Request) (any, error) {
	var in struct{ Slug, Name string }
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	var module tenant.Module
	err := tenant.Write(r.Context(), rq.Tenant, func(ctx context.Context, q *tenant.Queries) error {
		var err error
		module, err = q.CreateModule(ctx, tenant.CreateModuleParams{ID: rand.Text(), Slug: in.Slug, Name: in.Name})
		if err != nil {
			return err
		}
		return q.InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{
			Actor: "quickstart", Event: "created", SubjectKind: "module", SubjectID: module.ID,
		})
	})
	return module, err
}

func createAction(r *http.Request, rq *Request) (any, error) {
	var in struct{ Name string }
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	return rq.Queries.CreateAction(r.Context(), tenant.CreateActionParams{
		ID: rand.Text(), ModuleID: r.PathValue("id"), Kind: "webhook", Name: in.Name, Spec: "{}",
	})
}

// recordRun records a run of an action that has ended just now.
func recordRun(r *http.Request, rq *Request) (any, error) {
	var in struct {
		TookMs int64
		Error  *string
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	now := time.Now().UnixMilli()
	status := "succeeded"
	if in.Error != nil {
		status = "failed"
	}
	var run tenant.ActionRun
	err := tenant.Write(r.Context(), rq.Tenant, func(ctx context.Context, q *tenant.Queries) error {
		var err error
		run, err = q.StartActionRun(ctx, tenant.StartActionRunParams{ID: rand.Text(), ActionID: r.PathValue("id"), StartedMs: now - in.TookMs})
		if err != nil {
			return err
		}
		run.Status, run.FinishedMs, run.Error = status, &now, in.Error
		_, err = q.FinishActionRun(ctx, tenant.FinishActionRunParams{ID: run.ID, Status: status, FinishedMs: now, Error: in.Error})
		return err
	})
	return run, err
}

func listAudit(r *http.Request, rq *Request) (any, error) {
	return list(rq.Queries.ListAuditLog(r.Context(), 100))
}

// summarize sums up the runs of this hour and the one before, and writes the sums to
// the global database, from which questions about all tenants are answered. These are
// two files, and no transaction spans both. That is well: a summary can be written
// again at any time, and replaces what was there.
func summarize(r *http.Request, rq *Request) (any, error) {
	now := time.Now()
	thisHour := now.Truncate(time.Hour)
	var summaries []tenant.SummarizeRunsRow
	for _, hour := range []time.Time{thisHour.Add(-time.Hour), thisHour} {
		sum, err := rq.Queries.SummarizeRuns(r.Context(), tenant.SummarizeRunsParams{
			FromMs: hour.UnixMilli(), UntilMs: hour.Add(time.Hour).UnixMilli(),
		})
		if err != nil {
			return nil, err
		}
		err = rq.Global.UpsertTenantHourlyStats(r.Context(), global.UpsertTenantHourlyStatsParams{
			TenantID: rq.Tenant.Tenant().String(), HourMs: hour.UnixMilli(), UpdatedMs: now.UnixMilli(),
			Total: sum.Total, Succeeded: sum.Succeeded, AverageDurationMs: sum.AverageDurationMs,
		})
		if err != nil {
			return nil, err
		}
		summaries = append(summaries, sum)
	}
	return summaries, nil
}

// listStats answers for all tenants, and opens the file of none.
func listStats(r *http.Request, app *App) (any, error) {
	now := time.Now().UnixMilli()
	return list(global.New(app.Global).ListTenantStats(r.Context(), global.ListTenantStatsParams{UntilMs: now, MaxRows: 100}))
}
