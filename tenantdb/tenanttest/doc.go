// Package tenanttest is the test kit: a data folder that lives as long as a test,
// with migrated tenants in it, and checks at the test's end that every file is
// sound and nothing was left open.
//
//	kit := tenanttest.New(t, tenant.Open)
//	acme, globex := kit.Two()
//	note, err := tenant.New(acme.DB).AddNote(acme.Context, "hello")
//	rows, err := tenant.New(globex.DB).ListNotes(globex.Context, 10) // none
//
// Inside tenant.Write use the context that the callback is given, not acme.Context. A
// global database is opened beside with global.Open(t.Context(), kit.Dir).
//
// [Kit.Isolated] proves that code changes no file but its tenant's, and [NewFailing] has
// files fail. There is no clock to set: in a bubble of testing/synctest all of Silo runs
// on the bubble's. The package is for tests, and knows nothing of what is tested.
package tenanttest
