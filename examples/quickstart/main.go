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
	db, err := newTenantDB(ctx, app)
	if err != nil {
		return nil, err
	}
	switch now := time.Now().UTC(); r.Method + " " + r.URL.Path {
	case "GET /modules":
		return tenant.New(db).ListModules(ctx, nil)
	case "GET /audit":
		return tenant.New(db).ListAuditLog(ctx, 100)
	case "POST /modules": // adds a module and says so in the audit log: both, or neither
		id := uuid.Must(uuid.NewV7()).String()
		return id, tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
			module := tenant.CreateModuleParams{ID: id, Slug: r.FormValue("slug"), Name: r.FormValue("name")}
			if _, err := q.CreateModule(ctx, module); err != nil {
				return err
			}
			entry := tenant.InsertAuditEntryParams{Actor: "api", Event: "created", SubjectKind: "module", SubjectID: id}
			return q.InsertAuditEntry(ctx, entry)
		})
	case "POST /summary": // for GET /stats; what the audit log has counts as runs
		entries, err := tenant.New(db).CountAuditLog(ctx)
		if err != nil {
			return nil, err
		}
		return global.New(app.Global).UpsertTenantMonthlyUsage(ctx, global.UpsertTenantMonthlyUsageParams{
			TenantID: db.Tenant().String(), Month: now.Format("2006-01"), Runs: entries, UpdatedMs: now.UnixMilli(),
		})
	case "GET /stats":
		return global.New(app.Global).ListMonthlyUsage(ctx, now.Format("2006-01"))
	}
	return nil, http.ErrNotSupported
}
