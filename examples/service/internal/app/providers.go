package app

import (
	"context"
	"log/slog"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"

	"github.com/silokit/silo/examples/service/internal/config"
)

// openDir opens the data folder, and returns a function that closes it once the calls that
// are under way have ended.
func openDir(ctx context.Context, settings config.Config, log *slog.Logger) (*tenantdb.Dir, func(), error) {
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: settings.Data, MaxOpen: settings.MaxOpen, Logger: log})
	if err != nil {
		return nil, nil, err
	}
	return dir, func() {
		if err := dir.Close(); err != nil {
			log.Error("the data folder was not closed cleanly", "error", err)
		}
	}, nil
}

// recordUsage has what the tenants are asked recorded each minute, for the commands top and
// stats. It returns a function that ends that, with what was asked until then: call it once the
// last request has ended, before the folder is closed.
func recordUsage(ctx context.Context, dir *tenantdb.Dir, cat *catalog.Catalog, log *slog.Logger) (*fleet.Recorder, func(), error) {
	recorder, err := fleet.NewRecorder(dir, cat, fleet.RecorderOptions{
		Failed: func(err error) { log.ErrorContext(ctx, "usage was not recorded", "error", err) },
	})
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it goes on while the service drains
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = recorder.Run(ctx) // it returns why ctx has ended
	}()
	return recorder, func() {
		cancel()
		<-ended
	}, nil
}
