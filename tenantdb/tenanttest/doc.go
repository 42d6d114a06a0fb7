// Package tenanttest is the test kit: a data folder that lives as long as a test,
// with migrated tenants in it, and checks at the test's end that every file is
// sound and nothing was left open.
//
//	kit := tenanttest.New(t, tenant.Open)
//	acme, globex := kit.Two()
//	err := tenant.New(acme.DB).AddNote(acme.Context, "hello")
package tenanttest
