package tenantdb

// The writer, too, may keep its snapshot from one transaction to the next, which writes to
// it if nobody else has committed since ([sqlite.Conn.Hold]). That is ended as the idle
// snapshots of readers are: by the keeper within a second, and before a checkpoint.

// wrote is added to the keeper's tick at which was written, so that 0 is of no write.
const wrote = 2

// shared is for how many of the keeper's ticks, ten seconds, nothing is held once another
// has written. Another process that writes too cannot begin the log anew while a snapshot of
// ours is held, and what it writes meanwhile makes the log longer.
const shared = 25

// hold keeps the snapshot of the transaction that is about to be committed, unless it is
// the first one for long, and maybe the last, or others write too.
func (c *connection) hold() {
	keeper := c.db.dir.warm
	last, now := c.snapshot.used, keeper.tick.Load()+wrote
	c.snapshot.used = now
	if c.conn.Overtaken() {
		c.db.alone = now + shared
	}
	if now-last > 1 || int32(now-c.db.alone) < 0 {
		c.conn.EndHold()
		return
	}
	c.conn.Hold()
	if c.conn.Held() {
		keeper.note(c.db)
	}
}

// endIdleHold is endIdle of the writer.
func (db *database) endIdleHold(since uint32) (left bool) {
	select {
	case db.writing <- struct{}{}:
	default:
		return true // in use: it may hold something when it is done
	}
	defer func() { <-db.writing }()
	if int32(db.writer.snapshot.used-wrote-since) < 0 {
		db.writer.conn.EndHold()
	}
	return db.writer.conn.Held()
}
