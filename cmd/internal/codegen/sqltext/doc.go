// Package sqltext reads .sql files of named queries: it splits them into tokens and
// statements, and replaces every way to write a parameter by numbered ones. It knows
// the lexical rules of SQLite and nothing of tables or types.
//
// The text of a query is taken from the file itself, byte for byte, because the
// place of a parameter in it must be exact whatever characters stand before it.
package sqltext
