// Command quickstart is a small service in which every tenant has a SQLite file of
// its own. Read this file first, then wire.go, which says what a request gets, and
// handlers.go, which has the typed queries.
//
//	go run ./examples/quickstart -data /tmp/quickstart -addr 127.0.0.1:8080
//	curl -H 'X-Tenant: acme' -d '{"slug":"mail","name":"Mail"}' http://127.0.0.1:8080/modules
//	curl -H 'X-Tenant: globex' http://127.0.0.1:8080/modules
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/silokit/silo/tenantdb"
)

// tenants are created when the service first starts. A real one creates a tenant
// when a customer signs up.
var tenants = []string{"acme", "globex"}

// stopWithin is how long requests under way may take once the service is told to
// stop.
const stopWithin = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. Standard output is one line, with the address.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "data", "the `folder` of the databases")
	addr := flags.String("addr", "127.0.0.1:8080", "the `address` to listen at; port 0 is any free one")
	if err := flags.Parse(args); err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(stderr, nil))

	// The folder is opened, the global database migrated. Each tenant's file is
	// opened, and migrated, when a request for that tenant first needs it.
	app, closeApp, err := newApp(ctx, tenantdb.Options{Path: *data, Logger: logger})
	if err != nil {
		return err
	}
	defer closeApp()
	if err := createTenants(ctx, app); err != nil {
		return err
	}

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: routes(app, logger), ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(stdout, "listening on http://%s\n", listener.Addr()); err != nil {
		return errors.Join(err, server.Close(), ignoreClosed(<-served))
	}

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// Requests under way end first; closeApp then closes the databases.
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	err = server.Shutdown(stopping)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	return errors.Join(err, ignoreClosed(<-served))
}

func createTenants(ctx context.Context, app *App) error {
	for _, name := range tenants {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			return err
		}
		if err := app.Store.Create(ctx, id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			return err
		}
	}
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
