package tenantdb

import "log/slog"

// A tenant that nobody has used for some seconds rests: its readers are closed, and its
// writer keeps what it would take long to make again. The next call need not wait for
// anything: it reads what it needs of the file once more, from the system's cache.

// restLooks is after how many looks of the keeper without a use a tenant rests: five
// seconds.
const restLooks = 12

// noteUse has the keeper know that the database was used. Whoever used it calls it once the
// connection has been given back, and before the lease.
func (db *database) noteUse() {
	k := db.dir.warm
	if now := k.tick.Load(); db.used.Load() != now {
		db.used.Store(now)
	}
	k.note(db)
}

// rest has the database rest, if it was not used in restLooks looks until the tick. It
// reports whether the keeper need not look at it again before it is noted.
func (db *database) rest(tick uint32) (done bool) {
	if db.closed.Load() {
		return true
	}
	if int32(tick-db.used.Load()) < restLooks { // it may have been used since the tick
		return false
	}
	select {
	case db.writing <- struct{}{}: // as whoever looks at readers from outside has it
	default:
		return true // in use, and noted when it is given back
	}
	defer func() { <-db.writing }()
	if db.broken.Load() || db.writer.conn.InTransaction() {
		return true // the next call has it closed
	}
	if db.closeIdleReaders() {
		db.pastGuests.Store(false)
	}
	if err := db.writer.conn.Rest(); err != nil {
		_ = db.noteBroken(err) // the call that is next will say it
	}
	return true
}

// closeIdleReaders closes the readers that nobody uses, and reports whether none is left.
// The caller has the writer.
func (db *database) closeIdleReaders() (none bool) {
	none = true
	for place := range db.reading {
		c := &db.reading[place]
		if !db.readers.TakeIf(place) {
			none = none && !c.opened.Load()
			continue // it is not there, or in use
		}
		c.opened.Store(false)
		if err := db.dir.disconnect(c.conn); err != nil {
			db.dir.options.Logger.Error("tenantdb: closing a reader failed",
				slog.String("tenant", db.address.tenant.name), slog.Any("error", err))
		}
		c.conn, c.snapshot, db.met[place] = nil, snapshot{}, longReader{}
		db.readers.Empty(place)
	}
	return none
}
