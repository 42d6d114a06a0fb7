package tenantdb

import "time"

// OnFileStep has f called before each step on files that the Dir takes itself.
func OnFileStep(d *Dir, f func(what string)) { d.files.Step = f }

// RetiredPath returns where a retired file is.
func RetiredPath(d *Dir, r Retired) string { return d.layout.retiredPath(r) }

// LookAtLog looks at a log as a copy does that has lasted so long, of a tenant of that size.
func LookAtLog(path string, lasted time.Duration, limit, size int64) error {
	return logWatch{path: path, began: time.Now().Add(-lasted), limit: limit}.look(size)
}

// SetClock replaces the Dir's clock. It stops the keeper, which looks at that too.
func SetClock(d *Dir, now func() time.Time) {
	StopKeeper(d)
	d.now = now
}
