// Package sqlite is the statement layer: the little of SQLite's C interface that
// generated queries and migrations need, on modernc.org/sqlite's translation of
// SQLite to Go and without database/sql in between.
//
// It has the one function that opens a database file ([Open]) and the one that
// closes it ([Conn.Close]). Every connection is opened with the same protections
// (see [Config]): no second database can be attached, the schema is not trusted,
// and a [Policy] decides by SQLite's authorizer what SQL may do.
//
// The package knows files and SQL. It knows no tenants, no handles, no pools and
// no migrations.
package sqlite
