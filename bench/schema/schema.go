// Package schema holds the benchmarks' own schema, fleet, which is unlike the
// reference application's: integer keys, floating point, blobs and no times. It shows
// that the figures are not those of one schema. Beside it are the schemas of databases
// that all tenants share.
package schema

import "embed"

// Fleet is the history of a tenant's database: vehicles, their drivers and positions.
//
//go:embed fleet/*.sql
var Fleet embed.FS

// Shared is the reference application's tables in one database for all tenants, in SQLite.
//
//go:embed shared/product.sql
var Shared string

// Postgres is the same in PostgreSQL, with row-level security.
//
//go:embed postgres/product.sql
var Postgres string
