// Package differential tests the generator with projects that are drawn at random:
// a schema, queries, options, rows and arguments. Each query that silo generate accepts
// has to compile, and to do what the same SQL does by hand through database/sql: the
// same rows, counts, types and errors, and the same rows in all tables afterwards. The
// test holds nothing but what draws the projects; package corpus generates, compiles,
// runs and compares them.
//
// A query that the generator refuses is fine, for the drawn SQL is often such as nobody
// can tell the types of. It must not contradict SQLite, though, with which every query
// is tried before it is kept.
//
// An ordinary run tries a few projects. To try hundreds, and to see what was tried:
//
//	go test ./cmd/internal/codegen/differential -v -timeout 0 -rapid.checks=200
//
// A failure prints the project with the queries that are at fault alone, ready to become
// a golden case, and the -rapid.seed that draws it again. Shrinking takes a run each
// time: -rapid.shrinktime=10m makes the case smaller than the default of half a minute.
package differential
