package sqlite

import (
	"errors"
	"fmt"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// EditSchema lets the SQL that follows, if the policy does, switch on PRAGMA
// writable_schema and edit the text of the schema, which is SQLite's advice for changing
// a constraint of a large table (https://www.sqlite.org/lang_altertable.html#otheralter).
// SealSchema ends it. Until then SQLite is not defensive: SQL could make the file one
// that cannot be read (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html).
func (c *Conn) EditSchema() error {
	return c.setting(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, 0)
}

// CountSchema tells other connections, by the number in the file that they look at, that
// the schema has changed; editing its text does not
// (https://www.sqlite.org/pragma.html#pragma_schema_version).
func (c *Conn) CountSchema() error {
	var version int64
	if _, err := c.Once("PRAGMA schema_version", func(row *Stmt) { version = row.ColumnInt(0) }); err != nil {
		return err
	}
	_, err := c.Once(fmt.Sprintf("PRAGMA schema_version = %d", version+1), func(*Stmt) {})
	return err
}

// SealSchema ends EditSchema. The connection reads the schema again from its text when it
// next needs it.
func (c *Conn) SealSchema() error {
	_, err := c.Once("PRAGMA writable_schema = RESET", func(*Stmt) {})
	return errors.Join(err, c.setting(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, 1))
}

// QuickCheck fails with what SQLite finds first to be wrong with the file, or with rows
// that CHECK or NOT NULL forbid (https://www.sqlite.org/pragma.html#pragma_quick_check).
func (c *Conn) QuickCheck() error { return c.check("quick_check") }

// IntegrityCheck is QuickCheck, and compares indices with their tables
// (https://www.sqlite.org/pragma.html#pragma_integrity_check).
func (c *Conn) IntegrityCheck() error { return c.check("integrity_check") }

func (c *Conn) check(pragma string) error {
	var found string
	_, err := c.Once("PRAGMA "+pragma+"(1)", func(row *Stmt) { found = row.ColumnText(0) })
	if err == nil && found != "ok" {
		if _, findings, ok := strings.Cut(found, "***\n"); ok { // below a heading
			found = findings
		}
		err = errors.New(strings.ReplaceAll(strings.TrimSpace(found), "\n", "; "))
	}
	return err
}
