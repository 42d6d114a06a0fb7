// Package tenanthttp decides at the edge of a service whose request it is: once, from
// something that was verified. From there the tenant travels in the context.
//
//	host, err := tenanthttp.Subdomain("example.com")
//	…
//	token, err := tenantjwt.New(tenantjwt.Options{Issuer: …, Audience: …, Methods: …, Keys: …})
//	…
//	edge := tenanthttp.Middleware(store, tenanthttp.Agree(host, token), tenanthttp.Options{})
//	mux.Handle("GET /notes", tenanthttp.Func(store, listNotes)) // func(w, r, db) error
//	http.ListenAndServe(addr, edge(mux))
//
// A [Resolver] says which tenant a request names and whether it has proved that: [Subdomain],
// [Host] and [PathPrefix] name, [Header] takes the word of a proxy, package tenantjwt
// proves by a token, [APIKey] by a key. [Alias] has the catalog translate foreign names. [First] takes the
// first that is there, [Agree] refuses what contradicts itself, [Verified] what nobody has
// proved.
//
// Whatever is not plainly in order is refused: a header that is there twice, a token that
// does not verify. A resolver that is present and wrong is never passed over for a weaker
// one. Clients are told as little as is of use to them: a tenant that does not exist and
// one that is not theirs are the same answer, and no answer has a path, SQL or the name of a
// tenant.
package tenanthttp
