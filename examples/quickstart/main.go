// Command quickstart is a service in which each tenant has a SQLite file of its own.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func main() {
	data := flag.String("data", "data", "the `folder` of the databases")
	addr := flag.String("addr", "127.0.0.1:8080", "the `address` to listen at; port 0 is any free one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	app, err := newApp(ctx, tenantdb.Options{Path: *data})
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"acme", "globex"} { // a real service creates a tenant at its sign-up
		id, err := tenantdb.ParseID(name)
		if err = errors.Join(err, app.Store.Create(ctx, id)); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			log.Fatal(err)
		}
	}
	handler := http.MaxBytesHandler(withTenant(app), 64<<10)
	server := &http.Server{Addr: *addr, Handler: handler, ReadTimeout: 5 * time.Second, WriteTimeout: time.Minute}
	server.BaseContext = func(listener net.Listener) context.Context {
		fmt.Printf("listening on http://%s\n", listener.Addr())
		return context.Background() // requests under way are not cancelled by a signal
	}
	drained := make(chan error, 1)
	context.AfterFunc(ctx, func() { drained <- server.Shutdown(context.Background()) })
	serving := server.ListenAndServe()
	stop() // ends ctx when no signal has: the address cannot be had
	if err := errors.Join(<-drained, app.Dir.Close()); err != nil || !errors.Is(serving, http.ErrServerClosed) {
		log.Fatal(errors.Join(serving, err))
	}
}

// withTenant is the middleware: what follows takes the tenant from the context. A real
// service has it from a verified token, not from a header that anyone can set.
func withTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, badID := tenantdb.ParseID(r.Header.Get("X-Tenant"))
		ctx, err := tenantdb.WithTenant(r.Context(), id)
		if err := errors.Join(badID, err); err != nil {
			http.Error(w, "the header X-Tenant names no tenant", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// ServeHTTP answers in JSON, or with an error's status and no more: errors name files.
func (app *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	answer, err := app.answer(r.Context(), r)
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // if it fails, nobody is left to tell
	case errors.Is(err, tenantdb.ErrUnknownTenant), errors.Is(err, http.ErrNotSupported):
		http.Error(w, "no such tenant, or no such path", http.StatusNotFound)
	case errors.Is(err, tenantdb.ErrConstraint):
		http.Error(w, "not allowed, or there already", http.StatusConflict)
	default:
		log.Print(err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (app *App) answer(ctx context.Context, r *http.Request) (any, error) {
	request, err := newRequest(ctx, app)
	if err != nil {
		return nil, err
	}
	switch q := request.Queries; r.Method + " " + r.URL.Path {
	case "GET /modules":
		return q.ListModules(ctx, nil)
	case "POST /modules":
		return createModule(ctx, request.DB, r.FormValue("slug"), r.FormValue("name"))
	case "POST /runs":
		return recordRun(ctx, request.DB, r.FormValue("module"))
	case "POST /summary":
		return summarize(ctx, request)
	case "GET /stats": // of all tenants, and no tenant's file is read for it
		return global.New(app.Global).ListTenantStats(ctx, global.ListTenantStatsParams{UntilMs: time.Now().UnixMilli(), MaxRows: 100})
	}
	return nil, http.ErrNotSupported
}

// createModule adds a module and the action of the same ID that it runs: both or neither.
func createModule(ctx context.Context, db *tenant.DB, slug, name string) (module tenant.Module, err error) {
	id := uuid.Must(uuid.NewV7()).String()
	err = tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
		if module, err = q.CreateModule(ctx, tenant.CreateModuleParams{ID: id, Slug: slug, Name: name}); err != nil {
			return err
		}
		_, err := q.CreateAction(ctx, tenant.CreateActionParams{ID: id, ModuleID: id, Kind: "webhook", Name: name, Spec: "{}"})
		return err
	})
	return module, err
}

func recordRun(ctx context.Context, db *tenant.DB, module string) (run tenant.ActionRun, err error) {
	id, now := uuid.Must(uuid.NewV7()).String(), time.Now().UnixMilli()
	err = tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
		if run, err = q.StartActionRun(ctx, tenant.StartActionRunParams{ID: id, ActionID: module, StartedMs: now}); err != nil {
			return err
		}
		_, err := q.FinishActionRun(ctx, tenant.FinishActionRunParams{ID: id, Status: "succeeded", FinishedMs: now})
		return err
	})
	return run, err
}

// summarize writes the hour's sum of one tenant into the global database. That is another
// file, and no transaction spans both: done again, it replaces what it wrote.
func summarize(ctx context.Context, request Request) (any, error) {
	hour := time.Now().Truncate(time.Hour)
	span := tenant.SummarizeRunsParams{FromMs: hour.UnixMilli(), UntilMs: hour.Add(time.Hour).UnixMilli()}
	sum, err := request.Queries.SummarizeRuns(ctx, span)
	if err != nil {
		return nil, err
	}
	return sum, global.New(request.Global).UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{
		TenantID: request.DB.Tenant().String(), HourMs: span.FromMs, UpdatedMs: time.Now().UnixMilli(),
		Total: sum.Total, Succeeded: sum.Succeeded, AverageDurationMs: sum.AverageDurationMs,
	})
}
