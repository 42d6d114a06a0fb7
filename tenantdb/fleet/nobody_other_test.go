//go:build !unix

package fleet_test

// becomeNobody does nothing where there is no root.
func becomeNobody() error { return nil }
