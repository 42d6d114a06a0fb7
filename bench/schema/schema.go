// Package schema holds the benchmarks' own schema, fleet, which is unlike the
// reference application's: integer keys, floating point, blobs and no times. It shows
// that the figures are not those of one schema.
package schema

import "embed"

// Fleet is the history of a tenant's database: vehicles, their drivers and positions.
//
//go:embed fleet/*.sql
var Fleet embed.FS
