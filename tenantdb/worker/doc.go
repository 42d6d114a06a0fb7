// Package worker runs background work of many tenants: for each tenant one piece at a time,
// in the order in which it was given, and for as many tenants at once as there is room for.
//
//	pool, err := worker.New(ctx, store, worker.Options{})
//	defer pool.Close()
//	err = pool.Do(ctx, func(ctx context.Context, db *tenant.DB) error { … })     // a job of a queue: waits for the end
//	err = pool.Submit(ctx, func(ctx context.Context, db *tenant.DB) error { … }) // what a request leaves behind
//
// The tenant is the one that the context carries, from the edge or from a job's payload by
// [tenantdb.ParseID] and [tenantdb.WithTenant]. Work gets a context that carries that tenant and
// no other, and a handle that was resolved when its turn came, so that work of a tenant which
// has been suspended or deleted meanwhile is not run.
//
// What one tenant's work does, it does to that tenant: an error and a panic are its own, and
// neither slow work nor much of it keeps others from their turn for longer than a piece. A
// Pool joins every goroutine that it starts, and starts none while there is no work.
//
// Pools do not know of each other. Two in one process, or in two, may each run a piece of
// one tenant's work at a time; SQLite has them write one after the other, and what else must
// not be done twice at once is for the queue to see to, which gives a job to one of them. What
// waits is in memory: what must be done even if the process dies belongs into a queue on a
// database, as docs/background.md shows.
package worker
