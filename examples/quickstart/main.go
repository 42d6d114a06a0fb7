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
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

func main() {
	data := flag.String("data", "data", "the `folder` of the databases")
	addr := flag.String("addr", "127.0.0.1:8080", "the `address` to listen at; port 0 is any free one")
	// Here whoever connects from this machine is taken for the proxy. A real one authenticates users,
	// sets the header and removes it where a client has sent it.
	proxies := flag.String("proxies", "127.0.0.1/32,::1/128", "the `addresses` whose word counts for whose a request is")
	flag.Parse()
	if err := run(*data, *addr, *proxies); err != nil {
		log.Fatal(err)
	}
}

// run serves until it is interrupted, lets requests under way finish, and closes the files.
func run(data, addr, proxies string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app, err := newApp(ctx, tenantdb.Options{Path: data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Dir.Close()) }()
	edge, err := app.edge(proxies)
	if err != nil {
		return err
	}
	for _, name := range []string{"acme", "globex"} { // a real service creates a tenant at its sign-up
		id, err := tenantdb.ParseID(name)
		if err != nil {
			return err
		}
		if err := app.Store.Create(ctx, id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			return err
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	server := &http.Server{Handler: http.MaxBytesHandler(app.routes(edge), 64<<10), ReadTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served: // it could not go on
		return err
	case <-ctx.Done():
		return server.Shutdown(context.Background())
	}
}

func (app *App) routes(edge func(http.Handler) http.Handler) http.Handler {
	ofTenants := http.NewServeMux()
	ofTenants.Handle("GET /modules", app.ofTenant(listModules))
	ofTenants.Handle("POST /modules", app.ofTenant(createModule))
	ofTenants.Handle("POST /summary", app.ofTenant(summarize))
	all := http.NewServeMux()
	all.Handle("/", edge(ofTenants))
	all.HandleFunc("GET /stats", func(w http.ResponseWriter, r *http.Request) { // the operator's: of all tenants
		stats, err := global.New(app.Global).ListTenantStats(r.Context(), global.ListTenantStatsParams{UntilMs: time.Now().UnixMilli(), MaxRows: 100})
		if err == nil {
			err = reply(w, stats)
		}
		if err != nil {
			log.Print(err)
			tenanthttp.Answer(w, r, tenanthttp.ProblemOf(err))
		}
	})
	return all
}

// ofTenant is a handler that gets a Request made of its tenant's handle. Errors are answered by
// what they are, without details, and logged with them.
func (app *App) ofTenant(handle func(context.Context, Request, *http.Request) (any, error)) http.Handler {
	return tenanthttp.Func(app.Store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		answer, err := handle(r.Context(), newRequest(db, app), r)
		if err != nil {
			return err
		}
		return reply(w, answer)
	})
}

func reply(w http.ResponseWriter, answer any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}

func listModules(ctx context.Context, request Request, _ *http.Request) (any, error) {
	return request.Queries.ListModules(ctx, nil)
}

// createModule adds a module and a first run of its one action: all of it, or nothing.
func createModule(ctx context.Context, request Request, r *http.Request) (any, error) {
	id, name, now := uuid.Must(uuid.NewV7()).String(), r.FormValue("name"), time.Now().UnixMilli()
	return id, tenant.Write(ctx, request.DB, func(ctx context.Context, q *tenant.Queries) error {
		_, err := q.CreateModule(ctx, tenant.CreateModuleParams{ID: id, Slug: r.FormValue("slug"), Name: name})
		if err == nil {
			_, err = q.CreateAction(ctx, tenant.CreateActionParams{ID: id, ModuleID: id, Kind: "webhook", Name: name, Spec: "{}"})
		}
		if err == nil {
			_, err = q.StartActionRun(ctx, tenant.StartActionRunParams{ID: id, ActionID: id, StartedMs: now})
		}
		if err == nil {
			_, err = q.FinishActionRun(ctx, tenant.FinishActionRunParams{ID: id, Status: "succeeded", FinishedMs: now})
		}
		return err
	})
}

// summarize writes the sum of the tenant's runs of this hour into the global database:
// another file, so another transaction. Done again, it replaces what it wrote.
func summarize(ctx context.Context, request Request, _ *http.Request) (any, error) {
	hour := time.Now().Truncate(time.Hour)
	span := tenant.SummarizeRunsParams{FromMs: hour.UnixMilli(), UntilMs: hour.Add(time.Hour).UnixMilli()}
	sum, err := request.Queries.SummarizeRuns(ctx, span)
	if err != nil {
		return nil, err
	}
	return sum, request.Global.UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{
		TenantID: request.DB.Tenant().String(), HourMs: span.FromMs, UpdatedMs: time.Now().UnixMilli(),
		Total: sum.Total, Succeeded: sum.Succeeded, AverageDurationMs: sum.AverageDurationMs,
	})
}
