// Package codegen is what `silo generate` does: it makes typed Go of named queries.
//
// [NewPlan] reads sqlc.yaml, has sqlc parse the schema and the queries, asks the real
// SQLite about each statement, and returns the files that should be there. It writes
// nothing but a temporary folder of its own. [Plan.Compare] says how they differ from
// the files that are there, and [Plan.Commit] writes them.
//
// Generated code may be broken or missing when this runs, so the package imports
// neither generated code nor anything that does.
package codegen
