package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb"

	"github.com/silokit/silo/examples/service/gen/global"
)

// Health tells whoever starts and stops the service how it is.
type Health struct {
	file     string // the global database
	queries  *global.Queries
	log      *slog.Logger
	draining atomic.Bool
}

// NewHealth returns the health of a service that is ready while its global database can be
// read, and is where it was: who has an open file can read it also when the disk is gone from
// its folder. What is wrong with one tenant's file is that tenant's alone, and no reason to restart.
func NewHealth(dir *tenantdb.Dir, queries *global.Queries, log *slog.Logger) *Health {
	return &Health{file: filepath.Join(dir.Path(), "global.db"), queries: queries, log: log}
}

// Drain has the service not be ready any more: balancers send it nothing new.
func (h *Health) Drain() { h.draining.Store(true) }

// alive answers that the process serves at all.
func (h *Health) alive(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// ready answers whether it should be sent requests.
func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	if h.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	_, err := os.Stat(h.file)
	if err == nil {
		_, err = h.queries.Ping(ctx)
	}
	if err != nil {
		h.log.ErrorContext(ctx, "not ready", "error", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
