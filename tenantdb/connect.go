package tenantdb

import (
	"context"
	"errors"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// evictForFiles is how many idle tenants are closed when the process has run out
// of descriptors, before an open is tried once more.
const evictForFiles = 4

// connect is the one function that opens a tenant's file or the global one.
// disconnect is the one that closes it.
func (d *Dir) connect(ctx context.Context, path string, wait time.Duration, cfg sqlite.Config) (*sqlite.Conn, error) {
	if d.options.Durability == Full {
		cfg.Synchronous = sqlite.Full
	}
	for {
		conn, err := sqlite.Open(ctx, path, wait, cfg)
		if err == nil || !errors.Is(err, ErrTooManyFiles) || d.tenants.EvictIdle(evictForFiles) == 0 {
			return conn, err
		}
	}
}

func (d *Dir) disconnect(conn *sqlite.Conn) error { return conn.Close() }
