// Package schema holds the database schemas of Silo's reference application, an
// automation product: what one tenant owns, and what is known about all of them.
//
// Each folder is a history of goose migrations. The files are embedded, so that a
// binary carries the whole history and brings any database up to date by itself.
// A migration that was released is never edited; a change is a new file with the
// next number.
//
// Times are kept in one of two ways. In ordinary tables they are DATETIME columns
// that hold UTC text of fixed width, '2006-01-02 15:04:05.000', which SQLite's date
// functions read and which sorts as text. In STRICT tables, which know no DATETIME,
// they are INTEGER milliseconds since 1970-01-01 UTC, and the name ends in _ms.
//
// No migration switches foreign keys off by itself. The connection that migrates has
// them off, and checks every reference before it records a version, so a table that
// others reference may be rebuilt in place.
package schema

import "embed"

// Tenant is the history of a tenant's own database: modules, config, audit_log,
// actions and their runs. No table has a tenant_id, for the file is the tenant. The
// migrations lie in the folder "tenant".
//
//go:embed tenant/*.sql
var Tenant embed.FS

// Global is the history of the one database beside the tenants': users, plans,
// memberships, and the summaries that each tenant's worker writes. The migrations
// lie in the folder "global".
//
//go:embed global/*.sql
var Global embed.FS

// Catalog is the history of Silo's own tables in the global database, those whose names
// begin with silo_: the tenants with their states, labels, aliases and hashes of API keys,
// and the record of what was done to them. Applications read them, and package catalog
// writes them. The migrations lie in the folder "catalog".
//
//go:embed catalog/*.sql
var Catalog embed.FS
