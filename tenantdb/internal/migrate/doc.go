// Package migrate brings one database up to date with a set of goose migrations,
// in one transaction: afterwards the file is at the newest migration, or exactly
// as it was.
//
// goose's Provider runs the migrations, over a database/sql driver whose only
// connection is the one handed in and whose transactions are savepoints. What
// goose has not, this package adds: a check of foreign keys before a version is
// recorded, a checksum of each applied migration, and the refusal of files that
// are ahead of the set or have another history.
//
// The package knows one connection and one set of migrations. It knows no
// tenants, no folders and no handles.
package migrate
