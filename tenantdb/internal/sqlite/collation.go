package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Collation returns how values of a table's column compare: the name of its collating
// sequence, in the case in which it was declared
// (https://www.sqlite.org/c3ref/table_column_metadata.html).
func (c *Conn) Collation(table, column string) (string, error) {
	names, err := c.cStrings("main", table, column)
	if err != nil {
		return "", err
	}
	out := alloc(c.tls, 8)
	defer func() {
		for _, p := range append(names, out) {
			free(c.tls, p)
		}
	}()
	if out == 0 {
		return "", errors.New("sqlite: out of memory")
	}
	if rc := sqlite3.Xsqlite3_table_column_metadata(c.tls, c.db, names[0], names[1], names[2], 0, out, 0, 0, 0); rc != sqlite3.SQLITE_OK {
		return "", c.fail(rc, "")
	}
	return goString(readPointer(out)), nil
}

// cStrings copies the texts into C memory, which the caller frees.
func (c *Conn) cStrings(texts ...string) (copies []uintptr, err error) {
	for _, text := range texts {
		p, err := libc.CString(text)
		if err != nil {
			for _, p := range copies {
				free(c.tls, p)
			}
			return nil, fmt.Errorf("sqlite: %w", err)
		}
		copies = append(copies, p)
	}
	return copies, nil
}
