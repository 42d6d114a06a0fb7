package sqlite

import (
	sqlite3 "modernc.org/sqlite/lib"
)

// Type is the storage class of a value (https://www.sqlite.org/datatype3.html).
type Type int32

const (
	Integer Type = sqlite3.SQLITE_INTEGER
	Float   Type = sqlite3.SQLITE_FLOAT
	Text    Type = sqlite3.SQLITE_TEXT
	Blob    Type = sqlite3.SQLITE_BLOB
	Null    Type = sqlite3.SQLITE_NULL
)

// String returns SQLite's name of the class.
func (t Type) String() string {
	switch t {
	case Integer:
		return "INTEGER"
	case Float:
		return "REAL"
	case Text:
		return "TEXT"
	case Blob:
		return "BLOB"
	}
	return "NULL"
}

// Columns are numbered from 0 (https://www.sqlite.org/c3ref/column_blob.html).

// ColumnCount returns how many columns a row has.
func (s *Stmt) ColumnCount() int { return int(sqlite3.Xsqlite3_column_count(s.c.tls, s.p)) }

// ColumnName returns the name of a result column.
func (s *Stmt) ColumnName(i int) string {
	return goString(sqlite3.Xsqlite3_column_name(s.c.tls, s.p, int32(i)))
}

// ColumnDeclType returns the type that the column's origin was declared with, or
// "" for an expression.
func (s *Stmt) ColumnDeclType(i int) string {
	return goString(sqlite3.Xsqlite3_column_decltype(s.c.tls, s.p, int32(i)))
}

// ColumnOrigin returns the table and column that a result column is, or "" for
// an expression (https://www.sqlite.org/c3ref/column_database_name.html).
func (s *Stmt) ColumnOrigin(i int) (table, column string) {
	return goString(sqlite3.Xsqlite3_column_table_name(s.c.tls, s.p, int32(i))),
		goString(sqlite3.Xsqlite3_column_origin_name(s.c.tls, s.p, int32(i)))
}

// ColumnType returns the class of the value in the row at hand.
func (s *Stmt) ColumnType(i int) Type {
	return Type(sqlite3.Xsqlite3_column_type(s.c.tls, s.p, int32(i)))
}

// ColumnInt returns the value as an integer, converted as SQLite does.
func (s *Stmt) ColumnInt(i int) int64 {
	return sqlite3.Xsqlite3_column_int64(s.c.tls, s.p, int32(i))
}

// ColumnFloat returns the value as a float, converted as SQLite does.
func (s *Stmt) ColumnFloat(i int) float64 {
	return sqlite3.Xsqlite3_column_double(s.c.tls, s.p, int32(i))
}

// ColumnText returns a copy of the value as text, converted as SQLite does.
func (s *Stmt) ColumnText(i int) string {
	// The text first, its length second: the first call may convert the value.
	p := sqlite3.Xsqlite3_column_text(s.c.tls, s.p, int32(i))
	return string(bytesAt(p, int(sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, int32(i)))))
}

// columnBytes returns the bytes of a TEXT, in UTF-8, or of a BLOB.
func (s *Stmt) columnBytes(i int) []byte {
	var p uintptr
	if s.ColumnType(i) == Text {
		p = sqlite3.Xsqlite3_column_text(s.c.tls, s.p, int32(i))
	} else {
		p = sqlite3.Xsqlite3_column_blob(s.c.tls, s.p, int32(i))
	}
	return bytesAt(p, int(sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, int32(i))))
}
