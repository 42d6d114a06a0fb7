package tenantdb

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// unaskedEvery is how often it is looked whether there is a catalog that nobody asks: an operator's
// command may make one while a service runs.
const unaskedEvery = time.Minute

// unasked has it told, once, that tenants are served and a catalog that is there is not asked
// about them: a suspended one is served like any other then, and no call fails.
type unasked struct {
	serves atomic.Bool  // a tenant was opened for a caller, and there was no gate
	next   atomic.Int64 // when to look next, in nanoseconds of the Dir's clock
	told   atomic.Bool
}

// tellUnasked looks for a catalog that nobody asks, if it is time. The keeper calls it, so that no
// call waits for it.
func (d *Dir) tellUnasked() {
	u, now := &d.unasked, d.now().UnixNano()
	if !u.serves.Load() || u.told.Load() || d.gate.Load() != nil || now < u.next.Load() {
		return
	}
	u.next.Store(now + unaskedEvery.Nanoseconds())
	there, err := d.hasCatalog(context.Background())
	switch {
	case err != nil: // whoever uses the file is told
		d.options.Logger.Debug("tenantdb: looking for a catalog failed", slog.Any("error", err))
	case there && u.told.CompareAndSwap(false, true):
		d.options.Logger.Warn("tenantdb: there is a catalog, and this process has not opened it: tenants that are suspended or being deleted are served, "+
			"and are not closed for whoever needs their files alone; call catalog.Open before tenants are resolved", slog.String("path", d.layout.globalPath()))
	}
}

// hasCatalog reports whether the global file has the catalog's tables.
func (d *Dir) hasCatalog(ctx context.Context) (there bool, err error) {
	path := d.layout.globalPath()
	if _, err := os.Lstat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return false, err
	}
	if !d.copies.tryEnter(ID{}) { // or a restore would find the file in use, and take that for another process's
		return false, nil
	}
	defer d.copies.leave(ID{})
	conn, err := d.connect(ctx, path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	return conn.Once("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'silo_tenants'", ignoreRow)
}
