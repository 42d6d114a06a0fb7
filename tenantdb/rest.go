package tenantdb

import (
	"errors"
	"log/slog"
)

// What a tenant that nobody uses gives back. After half a second to a second these are the
// pages that it has cached: the next call reads what it needs of the file once more, from
// the system's cache, at about a microsecond a page. After some seconds it rests: its
// readers are closed, and its writer keeps what it would take long to make again.

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

// calm has the database give back what it may, if it was not used for some looks until the
// tick. It reports whether the keeper need not look at it again before it is noted.
func (db *database) calm(tick uint32) (done bool) {
	looks := int32(tick - db.used.Load()) // negative: it was used after the tick
	if looks != 1 && looks < restLooks {
		return false
	}
	select {
	case db.writing <- struct{}{}: // as whoever looks at readers from outside has it
	default:
		return true // in use, and noted when it is given back
	}
	defer func() { <-db.writing }()
	writer := db.writer.conn
	writer.EndHold()
	switch {
	case db.broken.Load() || writer.InTransaction():
		return true // the next call has it closed
	case looks < restLooks:
		_ = db.noteBroken(errors.Join(db.freeReadersPages(), writer.FreePages()))
		return false
	}
	if db.closeIdleReaders() {
		db.pastGuests.Store(false)
	}
	_ = db.noteBroken(writer.Rest()) // the call that is next will say it
	return true
}

// freeReadersPages frees the pages of the readers that nobody uses.
func (db *database) freeReadersPages() (err error) {
	for place := range db.reading {
		if db.readers.TakeIf(place) {
			err = errors.Join(err, db.reading[place].conn.FreePages())
			db.readers.Give(place)
		}
	}
	return err
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
