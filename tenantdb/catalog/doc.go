// Package catalog is the registry of tenants: what they are called, in which state they
// are, which foreign names they have, and what was done to them by whom.
//
// It keeps tables of its own, with names that begin with silo_, in the global database. An
// application's queries on the global database may read and join them; nothing but this
// package writes them. The tenants' files stay the truth for data: a tenant that the
// catalog does not know and that has a file can be used, so that a service may do without
// a catalog, or take one up later.
//
// [Open] puts the catalog before every [tenantdb.Store.Resolve] of the Dir: a tenant that is
// being created or deleted, is suspended or quarantined, is refused with a [*StateError],
// or, suspended [ReadOnly], resolved to a handle whose writes fail with one. A change of
// state, by this process or another, is seen by the next Resolve. Calls that are under way
// end as they would have, and handles that were resolved before stay as they are: resolve
// anew for each request.
//
// API keys say which tenant a program acts for: [Catalog.CreateKey], [Catalog.RotateKey],
// [Catalog.RevokeKey], and [Catalog.VerifyKey] for each request. The catalog keeps a hash
// of each.
//
// Work that goes over many tenants is recorded too, with what became of each: [Catalog.Runs].
// Package fleet does it. So is what tenants are asked, by the hour: [Catalog.Top] and
// [Catalog.Totals] tell who is busiest, and open no tenant.
//
// Every change is recorded in the same transaction, with the actor that the context
// carries ([WithActor]).
package catalog
