// Package fleet does work that goes over many tenants: it migrates them all, calls a function
// for each, and asks one question of all of them.
//
//	run, err := fleet.Migrate(ctx, store, cat, fleet.MigrateOptions{Canaries: 3, MaxFailures: 10})
//	err := fleet.Each(ctx, store, fleet.Options{Catalog: cat}, func(ctx context.Context, db *tenant.DB) error { … })
//	for row, err := range fleet.Query(ctx, store, fleet.Options{}, "SELECT count(*) FROM modules") { … }
//
// Whom it is about a [Selection] says. So many tenants are worked on at once as Workers says, 4
// by default, however many there are; what takes memory for each is its ID and an entry of the
// result. All of it may be done while the service runs: a tenant that was not open is closed
// again, and the others keep their places.
//
// What fails with one tenant costs the others nothing. It is told of with the tenant, in a
// [*PartialError] in the end.
//
// # Migrations
//
// A service migrates each tenant when it is next opened. [Migrate] does it for all at once, so
// that it is known when the last is done and which have failed. Each run is recorded in the
// catalog before it touches anything, and so is what becomes of each tenant
// ([catalog.Catalog.Runs]): a run whose process dies goes on where it was, with
// [MigrateOptions].Resume.
//
// # Rollups
//
// A [Rollup] sums up what each tenant has in an hour, a day or a month into the global database, by a typed
// query of the tenant's schema and a typed upsert of the global one. The sums and the record of how far the
// tenant is are one commit, so each window is in once, whatever happens. It runs when it is told to: for one tenant, for
// all, or by a [Schedule].
//
// # What tenants are asked
//
// A [Recorder] adds up what the runtime has counted of each tenant, by the hour, in the catalog: calls, errors, slow
// calls and size. It runs while the service does.
package fleet
