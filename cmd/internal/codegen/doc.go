// Package codegen makes typed Go packages of sqlc.yaml, goose migrations and queries in
// sqlc's notation. It asks SQLite what each query is, proves the types that SQLite has
// no word for, and says what it cannot know.
//
// [NewPlan] makes the files in memory and writes nothing but a temporary folder of its
// own; [Plan.Commit] writes into the project. The package imports nothing that it
// generates, so that a broken gen/ is mended by generating.
package codegen
