// Package schema holds the migrations of the example.
package schema

import "embed"

// Tenant is the history of a tenant's database, in the folder "tenant".
//
//go:embed tenant/*.sql
var Tenant embed.FS
