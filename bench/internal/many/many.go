// Package many measures work that goes over many tenants, by package fleet, against what
// people do instead: one file for each group.
package many

import "github.com/silokit/silo/bench/internal/operate"

// The contenders' names.
const (
	Silo      = "silo" // fleet.Migrate with its four workers, fleet.Query …
	OneByOne  = "silo, one at a time"
	Goose     = "goose's command, a process each"
	GooseHere = "goose, in one process"
	Each      = "silo's Each, a generated query"
	ByHand    = "a loop over database/sql"
	Opening   = "opening alone"
	RolledUp  = "the rollup's table"
)

// Setting is what all groups are run with.
type Setting struct {
	operate.Bench

	Goose     string // its command, or "" where there is none
	Migrated  int    // tenants that are migrated in one go
	Rows      int    // of a tenant
	Open      int    // tenants that are open and asked
	Cold      int    // tenants that are not open and asked
	Few, Many int    // tenants of the fleets whose memory is compared
}
