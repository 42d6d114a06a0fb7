//go:build cgo

// Package native runs statements on SQLite in C, as a program in C would: in loops that
// are in C too, so that Go calls it once for very many of them. The SQLite is the
// amalgamation that github.com/mattn/go-sqlite3 carries.
package native

/*
#cgo CFLAGS: -O2 -Wall
#cgo linux LDFLAGS: -Wl,-unresolved-symbols=ignore-all
#include "native.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // SQLite itself
)

// Conn is a connection. It is for one goroutine.
type Conn struct {
	db            *C.sqlite3
	begin, commit *C.sqlite3_stmt
	programs      []*Program
}

// Program is a statement and the values that it is run with, in turn.
type Program struct {
	conn   *Conn
	stmt   *C.sqlite3_stmt
	values *C.value
	sets   int // of values
	params int
	pinner runtime.Pinner
}

// Open opens a file with the settings of all contenders.
func Open(path string) (*Conn, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	c := &Conn{}
	if code := C.sqlite3_open(name, &c.db); code != 0 {
		return nil, errors.Join(c.failure("open "+path), c.Close())
	}
	settings := C.CString("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = 1")
	defer C.free(unsafe.Pointer(settings))
	if code := C.sqlite3_exec(c.db, settings, nil, nil, nil); code != 0 {
		return nil, errors.Join(c.failure("pragmas"), c.Close())
	}
	var err error
	if c.begin, err = c.prepare("BEGIN IMMEDIATE"); err == nil {
		c.commit, err = c.prepare("COMMIT")
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close finalizes the programs and closes the connection.
func (c *Conn) Close() error {
	for _, p := range c.programs {
		C.sqlite3_finalize(p.stmt)
		C.free(unsafe.Pointer(p.values))
		p.pinner.Unpin()
	}
	C.sqlite3_finalize(c.begin)
	C.sqlite3_finalize(c.commit)
	if code := C.sqlite3_close(c.db); code != 0 {
		return fmt.Errorf("native: close: %d", int(code))
	}
	return nil
}

func (c *Conn) failure(what string) error {
	return fmt.Errorf("native: %s: %s", what, C.GoString(C.sqlite3_errmsg(c.db)))
}

func (c *Conn) prepare(sql string) (stmt *C.sqlite3_stmt, err error) {
	text := C.CString(sql)
	defer C.free(unsafe.Pointer(text))
	if code := C.sqlite3_prepare_v3(c.db, text, -1, C.SQLITE_PREPARE_PERSISTENT, &stmt, nil); code != 0 {
		return nil, c.failure(sql)
	}
	return stmt, nil
}

// Prepare returns a program of a statement and its sets of values: string, *string, []byte,
// int, int64 and float64.
func (c *Conn) Prepare(sql string, sets [][]any) (*Program, error) {
	stmt, err := c.prepare(sql)
	if err != nil {
		return nil, err
	}
	p := &Program{conn: c, stmt: stmt, sets: len(sets), params: len(sets[0])}
	p.values = (*C.value)(C.calloc(C.size_t(max(p.sets*p.params, 1)), C.size_t(unsafe.Sizeof(C.value{}))))
	values := unsafe.Slice(p.values, p.sets*p.params)
	for i, set := range sets {
		for j, v := range set {
			p.set(&values[i*p.params+j], v)
		}
	}
	c.programs = append(c.programs, p)
	return p, nil
}

// set writes a value where C reads it. Its bytes stay Go's, pinned until Close.
func (p *Program) set(to *C.value, v any) {
	bytes := func(kind C.int, data *byte, n int) {
		p.pinner.Pin(data)
		to.kind, to.p, to.n = kind, (*C.char)(unsafe.Pointer(data)), C.int(n)
	}
	switch v := v.(type) {
	case string:
		bytes(C.SQLITE_TEXT, unsafe.StringData(v), len(v))
	case *string:
		to.kind = C.SQLITE_NULL
		if v != nil {
			bytes(C.SQLITE_TEXT, unsafe.StringData(*v), len(*v))
		}
	case []byte:
		bytes(C.SQLITE_BLOB, unsafe.SliceData(v), len(v))
	case int:
		to.kind, to.i = C.SQLITE_INTEGER, C.sqlite3_int64(v)
	case int64:
		to.kind, to.i = C.SQLITE_INTEGER, C.sqlite3_int64(v)
	case float64:
		to.kind, to.d = C.SQLITE_FLOAT, C.double(v)
	default:
		panic(fmt.Sprintf("native: a value of type %T", v))
	}
}

// Loop runs the program n times, with the sets of values from number from on, and copies
// all that it returns.
func (p *Program) Loop(from, n int) error {
	if code := C.loop(p.stmt, p.values, C.int(p.sets), C.int(p.params), C.int(from), C.int(n)); code != 0 {
		return p.conn.failure("loop")
	}
	return nil
}

// LoopTx runs n transactions, each of rows runs of the program.
func (p *Program) LoopTx(from, n, rows int) error {
	code := C.loop_tx(p.conn.begin, p.conn.commit, p.stmt, p.values, C.int(p.sets), C.int(p.params), C.int(from), C.int(n), C.int(rows))
	if code != 0 {
		return p.conn.failure("loop of transactions")
	}
	return nil
}

// Rows runs the program once, and returns the rows in Go's types, and the number of rows that
// it changed.
func (p *Program) Rows(i int) (rows [][]any, changed int, err error) {
	C.bind(p.stmt, p.values, C.int(p.sets), C.int(p.params), C.int(i))
	defer C.sqlite3_reset(p.stmt)
	for {
		switch C.sqlite3_step(p.stmt) {
		case C.SQLITE_ROW:
			row := make([]any, C.sqlite3_column_count(p.stmt))
			for column := range row {
				row[column] = p.column(C.int(column))
			}
			rows = append(rows, row)
		case C.SQLITE_DONE:
			return rows, int(C.sqlite3_changes(p.conn.db)), nil
		default:
			return nil, 0, p.conn.failure("step")
		}
	}
}

func (p *Program) column(i C.int) any {
	switch C.sqlite3_column_type(p.stmt, i) {
	case C.SQLITE_INTEGER:
		return int64(C.sqlite3_column_int64(p.stmt, i))
	case C.SQLITE_FLOAT:
		return float64(C.sqlite3_column_double(p.stmt, i))
	case C.SQLITE_NULL:
		return nil
	case C.SQLITE_BLOB:
		data := C.sqlite3_column_blob(p.stmt, i)
		return C.GoBytes(data, C.sqlite3_column_bytes(p.stmt, i))
	default:
		data := (*C.char)(unsafe.Pointer(C.sqlite3_column_text(p.stmt, i)))
		return C.GoStringN(data, C.sqlite3_column_bytes(p.stmt, i))
	}
}
