package app

import (
	"context"
	"log/slog"

	"github.com/silokit/silo/tenantdb"

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
