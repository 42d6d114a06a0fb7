package tenantdb

import (
	"log/slog"
	"time"
)

// The write-ahead log of a tenant is kept short here: by checkpoints after commits, which
// readers that are idle are not in the way of, and which a reader that is not cannot
// hold up for ever.

const (
	// checkpointPages is from which length of the log, in pages, a commit is followed
	// by a checkpoint. It is SQLite's own default.
	checkpointPages = 1000
	// longLog is the length at which snapshots that keep the log from being begun
	// anew are ended, once they are older than oldSnapshot: 64 MiB.
	longLog = 16 * checkpointPages
	// oldSnapshot is how old they have to be.
	oldSnapshot = 10 * time.Second
)

// longReader is a call on a reader that the writer met when the log was long.
type longReader struct {
	use   uint32 // the number of the call
	since time.Time
}

// keepLogShort runs a checkpoint after a commit if the log is long. The commit stands,
// whatever comes of that; who waits for the writer waits for the checkpoint too.
func (db *database) keepLogShort() {
	conn := db.writer.conn
	if conn.LogPages() < checkpointPages {
		return
	}
	db.endIdle(db.dir.warm.tick.Load() + 1) // all that are idle
	pages, copied, err := conn.Checkpoint()
	if err != nil {
		_ = db.noteBroken(err) // the next call opens the file anew, if that is what it means
		return
	}
	if copied < pages && pages >= longLog {
		db.endOld(time.Now(), pages)
	}
}

// endOld ends the calls of readers that were met before when the log was long, at least
// oldSnapshot ago.
func (db *database) endOld(now time.Time, pages int) {
	for place := range db.reading {
		c, met := &db.reading[place], &db.met[place]
		use, ok := c.use()
		switch {
		case !ok:
			*met = longReader{}
		case met.use != use:
			*met = longReader{use, now}
		case now.Sub(met.since) >= oldSnapshot:
			*met = longReader{}
			c.expel(use)
			db.dir.expelled.Add(1)
			db.dir.options.Logger.Warn("tenantdb: ended a call of Read or a query that kept the tenant's log from being begun anew",
				slog.String("tenant", db.address.tenant.name), slog.Int("log_pages", pages), slog.Duration("lasted_over", oldSnapshot))
		}
	}
}
