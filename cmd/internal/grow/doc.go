// Package grow adds to a project what a person would write next: a migration, or a table
// with its migration and its queries. What it writes are plain files without marks; a file that exists is
// never touched, and one that is written is there as a whole or not at all.
package grow
