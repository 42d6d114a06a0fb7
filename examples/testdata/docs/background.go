package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"example.com/notes/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"
)

func detachOfDocs(r *http.Request, store *tenant.Store, work *sync.WaitGroup, logger *slog.Logger) {
	// docs/background.md 1
}

func poolOfDocs(ctx context.Context, r *http.Request, dir *tenantdb.Dir, store *tenant.Store, report func(context.Context, error)) error {
	// docs/background.md 2
	return err
}

// docs/background.md 3
