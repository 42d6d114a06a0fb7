//go:build !unix

package tenantdb

// maxFiles returns how many files the process may have open: Windows has no limit
// that is met before memory is.
func maxFiles() int { return 16384 }
