package sqlite

import (
	"slices"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// Policy decides what SQL may do on a connection. It is enforced by SQLite's
// authorizer, which is asked whenever a statement is prepared or prepared again
// (https://www.sqlite.org/c3ref/set_authorizer.html). What this package runs
// itself ([Conn.Exec]) is not asked.
type Policy int

const (
	// Queries is for application SQL: rows of the application's tables may be
	// read and written. The schema, transactions, pragmas, other databases and
	// Silo's and goose's own tables are out of reach; the latter may be read.
	Queries Policy = iota

	// Migrations is for migrations: everything inside the one database, and of
	// the pragmas those that a rebuild of a table uses. BEGIN and COMMIT do nothing;
	// ROLLBACK, savepoints and other databases are out of reach.
	Migrations

	// Template is for migrations whose result is to be every tenant's: they may not
	// read whose file it is, nor when migrations ran.
	Template

	// CatalogQueries is Queries for the SQL of Silo's own catalog, which writes to the
	// tables whose names begin with silo_. What has run on the file, and what it is, is
	// out of its reach too.
	CatalogQueries

	// CatalogMigrations is Migrations for the tables of the catalog.
	CatalogMigrations
)

// quotedStrings is 1 where what stands in double quotes and is no name is a string, as in
// many a schema that was made by SQLite's defaults. A query would not be told of a
// misspelt name then (https://www.sqlite.org/quirks.html#dblquote).
func (p Policy) quotedStrings() int32 {
	if p == Queries || p == CatalogQueries {
		return 0
	}
	return 1
}

// authorize returns why an action is refused, or "".
func (p Policy) authorize(action int32, arg1, arg2 string) string {
	if p == Template {
		if action == sqlite3.SQLITE_READ && (strings.EqualFold(arg1, "silo_file") || strings.EqualFold(arg1, "goose_db_version") && strings.EqualFold(arg2, "tstamp")) {
			return "it reads " + arg1 + ", which is another for each tenant"
		}
		p = Migrations
	}
	own := IsOwnTable
	switch p {
	case CatalogQueries:
		p, own = Queries, isRecord
	case CatalogMigrations:
		p, own = Migrations, isRecord
	}
	switch action {
	case sqlite3.SQLITE_ATTACH:
		return "ATTACH and VACUUM INTO are refused: a tenant's connection reaches no other file"
	case sqlite3.SQLITE_DETACH:
		return "DETACH is refused: a tenant's connection reaches no other file"
	case sqlite3.SQLITE_FUNCTION:
		if strings.EqualFold(arg2, "load_extension") {
			return "load_extension is refused"
		}
		return ""
	case sqlite3.SQLITE_PRAGMA:
		return p.authorizePragma(strings.ToLower(arg1), arg2)
	}
	switch action {
	case sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT:
		if p == Migrations {
			return "a migration cannot roll back or set savepoints: all that are pending are one transaction, which an error rolls back"
		}
		return "transactions are begun and ended by Write and Read, not by SQL"
	}
	if p == Migrations {
		return authorizeOwn(action, arg1, arg2, own)
	}
	switch action {
	case sqlite3.SQLITE_READ:
		// A table-valued function would be refused only when it is run.
		if pragma, ok := strings.CutPrefix(strings.ToLower(arg1), "pragma_"); ok {
			return "PRAGMA " + pragma + " is refused: connections are set up by the runtime"
		}
		return ""
	case sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE:
		return ""
	case sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE:
		if own(arg1) || isSQLitesTable(arg1) {
			return "the table " + arg1 + " may be read, not written"
		}
		return ""
	}
	return "the schema is changed by migrations only"
}

// authorizePragma allows what SQLite's own extensions read (FTS5 asks for
// data_version, R-Tree for page_size) and, to migrations, what a rebuild needs and what
// SQLite runs itself: ADD COLUMN with a CHECK asks for quick_check.
func (p Policy) authorizePragma(name, arg string) string {
	switch name {
	case "data_version", "page_size":
		if arg == "" {
			return ""
		}
	case "foreign_keys", "defer_foreign_keys", "legacy_alter_table", "foreign_key_check",
		"foreign_key_list", "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "optimize",
		"quick_check", "integrity_check", "writable_schema":
		if p == Migrations {
			return ""
		}
	case "encoding":
		if p == Migrations && isUTF8(arg) {
			return ""
		}
	}
	return "PRAGMA " + name + " is refused: connections are set up by the runtime"
}

// isUTF8 reports whether a text encoding is the one that every file has here. The empty
// one is asked for, not set.
func isUTF8(encoding string) bool {
	return encoding == "" || strings.EqualFold(encoding, "UTF-8") || strings.EqualFold(encoding, "UTF8")
}

// passedOver are the pragmas that do nothing in a migration: settings of a connection,
// which schemas begin with for other programs' sake. Here the runtime sets connections
// up, and counts the schema's version when its text was edited ([Conn.EditSchema]).
var passedOver = []string{
	"busy_timeout", "cache_size", "journal_mode", "journal_size_limit", "mmap_size", "schema_version", "synchronous", "temp_store", "wal_autocheckpoint",
}

// passesOver reports whether an action is to do nothing, without an error. So does a
// migration's own BEGIN … COMMIT within the one transaction that there is.
func (p Policy) passesOver(action int32, arg string) bool {
	switch {
	case p == Queries, p == CatalogQueries:
		return false
	case action == sqlite3.SQLITE_TRANSACTION:
		return arg == "BEGIN" || arg == "COMMIT"
	}
	return action == sqlite3.SQLITE_PRAGMA && slices.Contains(passedOver, strings.ToLower(arg))
}

// authorizeOwn keeps migrations from the tables by which it is known what has run, and
// from temporary ones of their names, which would stand before them. The same goes for
// the tables of the catalog, but for its own migrations.
func authorizeOwn(action int32, arg1, arg2 string, own func(table string) bool) string {
	table := arg1
	switch action {
	case sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_CREATE_TRIGGER,
		sqlite3.SQLITE_CREATE_TEMP_TRIGGER, sqlite3.SQLITE_CREATE_TEMP_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_TRIGGER:
		table = arg2
	case sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_CREATE_VIEW,
		sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_VIEW,
		sqlite3.SQLITE_CREATE_TEMP_TABLE, sqlite3.SQLITE_CREATE_TEMP_VIEW:
	default:
		return ""
	}
	if strings.EqualFold(table, "sqlite_dbpage") {
		return "the pages of the file are written by SQLite alone"
	}
	if own(table) {
		return "the name " + table + " is not the application's: silo_ and goose_db_version are reserved"
	}
	return ""
}

// IsOwnTable reports whether Silo or goose keeps its records in the table.
func IsOwnTable(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "silo_") || name == "goose_db_version"
}

// isRecord reports whether the table says what the file is, or which migrations have run.
func isRecord(name string) bool {
	switch strings.ToLower(name) {
	case "silo_file", "silo_migration", "silo_catalog_migration", "silo_goose_db_version", "goose_db_version":
		return true
	}
	return false
}

// isSQLitesTable reports whether SQLite keeps its own records in the table, but for that
// of the schema: of a statement that would write there it tells more below.
func isSQLitesTable(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "sqlite_") && !strings.HasSuffix(name, "_master") && !strings.HasSuffix(name, "_schema")
}
