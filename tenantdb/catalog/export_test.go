package catalog

import "time"

// SetNow gives a catalog the clock of a test, before it is used.
func (c *Catalog) SetNow(now func() time.Time) { c.now = now }
