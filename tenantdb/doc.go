// Package tenantdb gives each tenant of a service a SQLite file of its own, and
// code a handle to it only where the tenant is known and its file is migrated.
//
// # How it fits together
//
// [Open] opens a data folder, a [Dir]: the tenants' files, the cache of those that
// are open, and the one global database. Code that `silo generate` writes from an
// application's schema and queries adds a typed view of it: tenant.Open returns a
// [Store] of that schema, global.Open a [GlobalDB].
//
//	ctx, err := tenantdb.WithTenant(ctx, id) // once, at the edge: middleware does this
//	db, err := store.Resolve(ctx)            // the tenant's file, migrated, or an error
//	rows, err := tenant.New(db).ListEvents(ctx, 100)
//
// A [TenantDB] is the only thing that generated queries of its schema accept. It
// holds no file open: each call leases the tenant's open file and gives it back.
//
// # What keeps what apart
//
// The compiler keeps schemas apart: queries of one schema do not accept a handle of
// another. Contexts, handles and files keep tenants apart: a context carries one
// tenant for life, a handle serves calls of its own tenant's contexts only, and a
// connection reaches no file but its own.
//
// # Durability
//
// A call that writes has written when it returns nil: after the process is killed
// at any instant the write is there. After loss of power [Normal], the default, may
// have lost the last commits, but nothing in between; [Full] has lost none.
//
// # What it must not know
//
// The package imports SQLite and goose. It knows no generated code, no HTTP, no
// command line and no telemetry.
package tenantdb
