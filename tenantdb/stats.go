package tenantdb

// Stats is a picture of a Dir at one moment.
type Stats struct {
	Limit   int // the most tenants open at once
	Open    int // tenants open, or being opened or closed
	InUse   int // of those, with a call under way
	Waiting int // callers that wait for a place, or while others are opened

	Opened   int64 // tenants opened since Open
	Closed   int64 // tenants closed since Open
	Migrated int64 // files migrated since Open, the global one among them
	Expelled int64 // calls since Open that were ErrSnapshotTooOld
}

// Stats returns how things stand.
func (d *Dir) Stats() Stats {
	if !d.opened() {
		return Stats{}
	}
	s := d.tenants.Stat()
	return Stats{
		Limit:    s.Limit,
		Open:     s.Open + s.Opening + s.Closing,
		InUse:    s.InUse,
		Waiting:  s.Waiting,
		Opened:   int64(s.Opens),
		Closed:   int64(s.Closes),
		Migrated: d.migrations.Load(),
		Expelled: d.expelled.Load(),
	}
}
