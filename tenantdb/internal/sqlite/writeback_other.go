//go:build !linux

package sqlite

// startWriteback does nothing: all is written when it is synced.
func startWriteback(descriptor int32, from, n int64) {}

func (c *Conn) descriptorOf(file uintptr) int32 { return noDescriptor }
