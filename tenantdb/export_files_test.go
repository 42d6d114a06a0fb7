package tenantdb

import "time"

// OnFileStep has f called before each step on files that the Dir takes itself.
func OnFileStep(d *Dir, f func(what string)) { d.files.Step = f }

// RetiredPath returns where a retired file is.
func RetiredPath(d *Dir, r Retired) string { return d.layout.retiredPath(r) }

// SettleFiles has it be a minute later, when it is asked how long ago files have changed.
func SettleFiles(d *Dir) { d.now = func() time.Time { return time.Now().Add(time.Minute) } }

// LookAtLog looks at a log as a copy does that has lasted so long, of a tenant of that size.
func LookAtLog(path string, lasted time.Duration, limit, size int64) error {
	return logWatch{path: path, began: time.Now().Add(-lasted), limit: limit}.look(size)
}

// SetClock replaces the Dir's clock.
func SetClock(d *Dir, now func() time.Time) { d.now = now }
