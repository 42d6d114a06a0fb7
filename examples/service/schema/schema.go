// Package schema holds the migrations of the databases, which the binary carries: it brings
// each file up to date by itself. A migration that was released is never edited; a change is a
// new file with the next number.
package schema

import "embed"

// Tenant is the history of a tenant's own database. No table has a tenant_id, for the file
// is the tenant.
//
//go:embed tenant/*.sql
var Tenant embed.FS

// Global is the history of the one database beside the tenants': what is known about all of
// them.
//
//go:embed global/*.sql
var Global embed.FS
