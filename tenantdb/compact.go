package tenantdb

import (
	"context"
	"errors"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Compact writes the global database anew and empties its log, so that nothing is left in
// its files of rows that were removed or changed before, and gives free pages back. It takes
// time and memory of the size of the database; others read meanwhile, and wait to write. If they do not let go of
// the database for [Options].Wait the error is [ErrLocked]: what is in the database is as it was,
// and removed rows may be left in the files; compact it again.
func (db *GlobalDB[S]) Compact(ctx context.Context) error {
	return db.operate(ctx, "compact", func(a address, path string) (err error) {
		conn, _, err := a.dir.openToRead(ctx, a, path, sqlite.Config{Schemas: a.dir.schemasOf(a.def)})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.dir.disconnect(conn)) }()
		held, err := a.dir.acquire(ctx, *db.a)
		if err != nil {
			return err
		}
		defer held.Release()
		conn.Watch(ctx, a.dir.options.Wait)
		if err := conn.Vacuum(); err != nil {
			return err
		}
		return held.Value().truncateLog(ctx, conn)
	})
}

// letGo is how long those are waited for that read or write, before the idle ones are looked
// for again.
const letGo = 20 * time.Millisecond

// truncateLog empties the log by a connection of its own. The snapshots that this process keeps
// for calls to come would be in its way until the keeper ends them; so they are ended.
func (db *database) truncateLog(ctx context.Context, conn *sqlite.Conn) error {
	for until := time.Now().Add(db.dir.options.Wait); ; {
		db.endIdle(db.dir.warm.tick.Load() + 1)
		conn.Watch(ctx, letGo)
		err := conn.TruncateLog()
		switch {
		case !errors.Is(err, sqlite.ErrBusy):
			return err
		case ctx.Err() != nil:
			return sqlite.Ended(ctx)
		case time.Now().After(until):
			return err
		}
	}
}
