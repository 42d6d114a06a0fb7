//go:build !linux

package tenantdb_test

// systemChildren are those of tests that only this system runs: none.
var systemChildren map[string]func(args []string) error
