// Package corpus tries the generator on a folder of other people's projects. It finds
// every sqlc project for SQLite there, asks plain sqlc and Silo what they make of
// each query, compiles what Silo wrote, runs it beside the same SQL written by hand,
// and reports query by query.
//
// The projects are read, never written to, and nothing in them is run: no plugin, no
// program, no statement outside a database that is made for the purpose. The folder
// may hold anything, so whatever cannot be read becomes a line of the report.
package corpus
