package tenantdb

import "io"

// WritersIn is writersIn, of a list of locks that a test has written.
func WritersIn(locks io.Reader, database, index string) []int {
	return writersIn(locks, database, index)
}
