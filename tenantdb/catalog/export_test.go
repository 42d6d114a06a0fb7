package catalog

import "time"

// SetNow gives a catalog the clock of a test, before it is used.
func (c *Catalog) SetNow(now func() time.Time) { c.now = now }

// SetUseWait says how long a call waits at most for its use of a key to be noted. It is told to a
// catalog before it is used.
func (c *Catalog) SetUseWait(wait time.Duration) { c.keys.wait = wait }
