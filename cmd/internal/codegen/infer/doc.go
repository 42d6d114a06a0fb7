// Package infer finds out what SQLite does not say of a statement: the type each
// parameter has to be, and the type of each result column and whether it can be NULL.
// It also writes out * as the columns it stands for.
//
// It reads a statement that SQLite has already accepted, so it looks only for what
// things mean and never for mistakes. It is careful in one direction: a column is
// called NOT NULL only when that follows from the schema and the statement, and a type
// is given only when every value has it. It takes for granted that the columns of tables
// hold what their declared types say, as they do when generated code writes them. What
// leaves its type by arithmetic, infinities and overflow, fails when the query runs.
//
// For all else the answer is [Unknown] with a reason, and the author says the type with
// a CAST or a comment.
package infer
