// Package schema holds the migrations of the example: the tenants', and those of the one
// database beside them, which has the queue.
package schema

import "embed"

// Tenant is the history of a tenant's database, in the folder "tenant".
//
//go:embed tenant/*.sql
var Tenant embed.FS

// Global is the history of the global database, in the folder "global".
//
//go:embed global/*.sql
var Global embed.FS
