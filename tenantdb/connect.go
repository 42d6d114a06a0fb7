package tenantdb

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// evictForFiles is how many idle tenants are closed when the process has run out
// of descriptors, before an open is tried once more.
const evictForFiles = 4

// maxMoved is how often an open is begun anew because the file has lost its name
// meanwhile. It does so when it is deleted or restored, so hardly ever twice.
const maxMoved = 10

// connect is the one function that opens a tenant's file or the global one.
// disconnect is the one that closes it.
func (d *Dir) connect(ctx context.Context, path string, wait time.Duration, cfg sqlite.Config) (*sqlite.Conn, error) {
	if d.options.Durability == Full {
		cfg.Synchronous = sqlite.Full
	}
	cfg.Waits = d.tellWait
	for tries := 0; ; tries++ {
		conn, err := sqlite.Open(ctx, path, wait, cfg)
		if errors.Is(err, sqlite.ErrMoved) && tries < maxMoved {
			continue // another file has the name now, or none has
		}
		if err == nil || !errors.Is(err, ErrTooManyFiles) || d.tenants.EvictIdle(evictForFiles) == 0 {
			return conn, err
		}
	}
}

// connectNamed is connect, and returns which file it is that was opened. The file that had
// the name before may have been replaced while it was waited for.
func (d *Dir) connectNamed(ctx context.Context, path string, cfg sqlite.Config) (*sqlite.Conn, fs.FileInfo, error) {
	for tries := 0; ; tries++ {
		conn, err := d.connect(ctx, path, d.options.Wait, cfg)
		if err != nil {
			return nil, nil, err
		}
		info, err := os.Lstat(path)
		if err == nil && !conn.Moved() {
			return conn, info, nil
		}
		if err == nil && tries < maxMoved {
			if err := d.disconnect(conn); err != nil {
				return nil, nil, err
			}
			continue
		}
		if err == nil {
			err = sqlite.ErrMoved
		}
		return nil, nil, errors.Join(err, d.disconnect(conn))
	}
}

// tellWait tells the logger of a call that waits for others to let go of a file, and who they are: if it is a program
// that somebody has forgotten, nobody else knows what everything waits for.
func (d *Dir) tellWait(path string, waited time.Duration) {
	if !d.options.Logger.Enabled(context.Background(), slog.LevelWarn) {
		return // to find out who they are takes some time
	}
	d.options.Logger.Warn("tenantdb: waiting for others that write to a file", slog.String("path", path),
		slog.Duration("waited", waited.Round(time.Second)), slog.String("by", cmp.Or(writersOf(path), "not known")))
}

func (d *Dir) disconnect(conn *sqlite.Conn) error { return conn.Close() }
