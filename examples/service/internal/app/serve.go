package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Serve answers requests until ctx ends. Then it says so at /readyz, goes on for
// Config.DrainDelay, takes no more, and lets those under way end for Config.DrainTimeout.
// What has not ended by then is an error, and its connection is closed.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           a.Handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served: // it could not go on
		return err
	case <-ctx.Done():
	}
	a.Health.Drain()
	a.Log.InfoContext(ctx, "draining", "delay", a.Config.DrainDelay, "timeout", a.Config.DrainTimeout)
	select {
	case err := <-served:
		return err
	case <-time.After(a.Config.DrainDelay):
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.Config.DrainTimeout)
	defer cancel()
	err := server.Shutdown(ending)
	if err != nil {
		err = errors.Join(fmt.Errorf("requests under way were cut off after %v: %w", a.Config.DrainTimeout, err), server.Close())
	}
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
