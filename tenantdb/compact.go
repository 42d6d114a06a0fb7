package tenantdb

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Compact writes the global database anew and empties its log, so that nothing is left in
// its files of rows that were removed or changed before, and gives free pages back. It takes
// time and memory of the size of the database; others read meanwhile, and wait to write. If they do not let go of
// the database for [Options].Wait the error is [ErrLocked]: what is in the database is as it was,
// and removed rows may be left in the files; compact it again.
func (db *GlobalDB[S]) Compact(ctx context.Context) error {
	return db.operate(ctx, "compact", func(a address, path string) (err error) {
		conn, err := a.dir.openToRead(ctx, a, path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.dir.disconnect(conn)) }()
		for _, step := range [...]func(*sqlite.Conn) error{(*sqlite.Conn).Vacuum, (*sqlite.Conn).TruncateLog} {
			conn.Watch(ctx, a.dir.options.Wait)
			if err := step(conn); err != nil {
				return err
			}
		}
		return nil
	})
}
