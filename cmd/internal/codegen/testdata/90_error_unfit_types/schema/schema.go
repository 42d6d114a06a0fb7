// Package schema embeds the migrations of a test case.
package schema

import "embed"

// Migrations are the case's migrations.
//
//go:embed *.sql
var Migrations embed.FS
