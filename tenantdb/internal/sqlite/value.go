package sqlite

import (
	"math"
	"unsafe"

	sqlite3 "modernc.org/sqlite/lib"
)

// Value is what a column of the row at hand holds. It looks at SQLite's own structure
// for that, which sqlite3_column_value hands out as opaque: reading a value through the
// interface takes two or three calls, each with its checks, and a result has many
// values. The structure's fields are found by their names in the translated SQLite, so
// another version of it is another layout here too, or does not compile; what they mean
// (https://www.sqlite.org/src/file/src/vdbeInt.h) the round trips of the tests hold.
// What is not plain, such as a text that would have to be converted, is left to the
// interface.
type Value struct {
	m *sqlite3.TMem
	s *Stmt
	i int
}

// affinity are the bits of the flags that say the class.
const affinity = sqlite3.MEM_Null | sqlite3.MEM_Str | sqlite3.MEM_Int | sqlite3.MEM_Real | sqlite3.MEM_Blob | sqlite3.MEM_IntReal

// Value returns the value of a column, numbered from 0. It is good until the next call
// of Step or Reset, and must not be kept for longer: it has a pointer into memory that
// SQLite frees with the statement.
func (s *Stmt) Value(i int) Value {
	// The row is an array of them in C memory, which SQLite neither moves nor frees
	// before the next step; outside a row it is nil.
	vdbe := (*sqlite3.TVdbe)(pointer(s.p))
	if vdbe.FpResultRow == 0 || uint(i) >= uint(vdbe.FnResColumn) {
		return Value{nil, s, i} // of which SQLite says that it is NULL
	}
	return Value{(*sqlite3.TMem)(pointer(vdbe.FpResultRow + uintptr(i)*unsafe.Sizeof(sqlite3.TMem{}))), s, i}
}

// Type returns the class of the value.
func (v Value) Type() Type {
	if v.m != nil {
		switch v.m.Fflags & affinity {
		case sqlite3.MEM_Int:
			return Integer
		case sqlite3.MEM_Str:
			return Text
		case sqlite3.MEM_Null:
			return Null
		case sqlite3.MEM_Real:
			return Float
		case sqlite3.MEM_Blob:
			return Blob
		}
	}
	return v.s.ColumnType(v.i)
}

// Int returns the value of an INTEGER.
func (v Value) Int() int64 {
	if v.m != nil && v.m.Fflags&affinity == sqlite3.MEM_Int {
		return *(*int64)(unsafe.Pointer(&v.m.Fu)) // a union of 8 bytes, of which the flag says what it is
	}
	return v.s.ColumnInt(v.i)
}

// Float returns the value of a REAL.
func (v Value) Float() float64 {
	if v.m != nil && v.m.Fflags&affinity == sqlite3.MEM_Real {
		return math.Float64frombits(*(*uint64)(unsafe.Pointer(&v.m.Fu)))
	}
	return v.s.ColumnFloat(v.i)
}

// Bytes returns the bytes of a TEXT or BLOB where SQLite has them: they are good until
// the next call of Step, Reset or a method of Stmt for this column.
func (v Value) Bytes() []byte {
	if v.m != nil {
		switch f := v.m.Fflags; {
		case f&affinity == sqlite3.MEM_Str && v.m.Fenc == sqlite3.SQLITE_UTF8,
			f&affinity == sqlite3.MEM_Blob && f&sqlite3.MEM_Zero == 0:
			return bytesAt(v.m.Fz, int(v.m.Fn))
		}
	}
	return v.s.columnBytes(v.i)
}
