// Package migrate brings one database up to date with a set of goose migrations,
// in one transaction: afterwards the file is at the newest migration, or exactly
// as it was.
//
// goose reads the migrations, once for a set, and its table says which have run on a
// database. They are run here, on the connection and in the transaction that are handed
// in, with what goose has not: a check of foreign keys before a version is recorded, a
// checksum of each applied migration, and the refusal of files that are ahead of the set
// or have another history.
//
// The package knows one connection and one set of migrations. It knows no
// tenants, no folders and no handles.
package migrate
