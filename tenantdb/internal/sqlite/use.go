package sqlite

import "errors"

// A connection is used by one call after the other. Somebody else may want a call to
// end: one that reads keeps the log from being begun anew for as long as it lasts.

// expulsion ends one use of a connection.
type expulsion struct {
	use uint32
	why error
}

// Use begins a use of the connection by one call, and EndUse ends it.
func (c *Conn) Use() { c.use.Add(1) }

// EndUse ends the use that the last Use has begun.
func (c *Conn) EndUse() { c.use.Add(1) }

// InUse returns the number of the use under way; ok tells whether there is one. It may
// be called by any goroutine until Close.
func (c *Conn) InUse() (use uint32, ok bool) {
	use = c.use.Load()
	return use, use%2 == 1
}

// ErrYield is why a use is to end that can be begun anew on another connection.
var ErrYield = errors.New("the connection is wanted for a write")

// Expel stops the statement that runs in a use of that number, if it is still under way:
// its error wraps why, and is found by Expelled. It may be called by any goroutine until
// Close.
func (c *Conn) Expel(use uint32, why error) { c.expelled.Store(&expulsion{use, why}) }

// Expelled returns why the use under way is to end, or nil.
func (c *Conn) Expelled() error {
	if e := c.expelled.Load(); e != nil && e.use == c.use.Load() {
		return e.why
	}
	return nil
}
