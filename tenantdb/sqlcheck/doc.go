// Package sqlcheck tells a code generator what SQLite itself makes of a statement:
// on an in-memory database that is opened as the runtime opens a tenant's file and
// that the application's own migrations have made.
package sqlcheck
