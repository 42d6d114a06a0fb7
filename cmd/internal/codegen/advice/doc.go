// Package advice finds what is allowed in migrations and queries and will hurt later:
// what fails or is slow only on tenants that have rows, and what ends a transaction
// that others share. It is pure: it is given texts and plans, and returns findings.
//
// # What is told of a query's plan
//
// Tables grow with each tenant, so a plan that goes through all rows of one is told,
// once a table and query:
//
//   - A condition that no index serves (SCAN). The index is named where the condition
//     is plain: columns compared with = or IN, a range, and what it is sorted by.
//   - A join for which SQLite builds an index at each run (AUTOMATIC INDEX).
//   - A sort (TEMP B-TREE FOR ORDER BY, GROUP BY or DISTINCT) that an index would save:
//     by columns of the first table alone. What no index can save is not told: a sort by
//     a sum, by an expression, by columns of two tables, or within equal leading terms.
//   - Reading a whole table, which has no condition at all. Who writes that mostly
//     means it, and projects have many such lists: it is told once a table, of the first
//     query. With a LIMIT that ends the reading it is not told.
//
// Nothing is told of tables marked with the comment `-- silo: small` above or within
// their CREATE TABLE, of queries with the comment `-- @scan ok`, of virtual tables,
// subqueries, common table expressions and table-valued functions, nor where a partial
// index limits what is read.
//
// # What is told of migrations
//
// What the last schema still has counts, as SQLite keeps it, so a table that was
// rebuilt is not held to its old form, and what was renamed is told by its new name; the statements that change rows count wherever they are, for they
// still run on new tenants. A unique index on a table that may have rows is not told:
// that some rows may forbid it is what it is for, and there is no other way to write
// it. Nor is what [sqlcheck.Open] refuses: NO TRANSACTION, names that goose and sqlc
// order differently, annotations that only one of them reads, triggers that goose
// splits.
package advice
