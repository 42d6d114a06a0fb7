package query

import (
	"regexp"
	"strings"
	"sync/atomic"
)

// Statement is one generated query: its name, where its text comes from, and
// whether it only reads. Generated code makes one a query, as a package variable;
// they are not changed afterwards and safe for concurrent use.
type Statement struct {
	name, source, sql string
	number            int // by which connections find it prepared
	access            Access
	inWriteOnly       bool // it asks for what its connection did last
	asksRowID         bool // a write that itself calls last_insert_rowid()
	mayKeepRows       bool // a write whose text speaks of FAIL
}

// statements counts the statements of the process.
var statements atomic.Int64

func newStatement(name, source, sql string, access Access) *Statement {
	return &Statement{name: name, source: source, sql: sql, access: access, number: int(statements.Add(1) - 1)}
}

// Access says what a statement does to the database, which decides the
// connection that it runs on.
type Access int

const (
	// Reads is of a statement that changes nothing and whose result depends on
	// the database alone.
	Reads Access = iota
	// Writes is of all others.
	Writes
	// ReadsInWrite is of a statement that changes nothing but asks for what the
	// connection did last: changes(), last_insert_rowid() or total_changes().
	// Outside Write, where the connection is anyone's, it is refused.
	ReadsInWrite
)

// Read makes the Statement of a query that only reads. The source is the file
// that its text comes from.
func Read(name, source, sql string) *Statement {
	return newStatement(name, source, sql, Reads)
}

// Write makes the Statement of a query that writes.
func Write(name, source, sql string) *Statement {
	s := newStatement(name, source, sql, Writes)
	s.asksRowID = strings.Contains(strings.ToLower(sql), "last_insert_rowid")
	s.mayKeepRows = SpeaksOfFail(sql)
	return s
}

// ReadInTx makes the Statement of a query that asks for what its connection did
// last; see [ReadsInWrite].
func ReadInTx(name, source, sql string) *Statement {
	s := newStatement(name, source, sql, ReadsInWrite)
	s.inWriteOnly = true
	return s
}

// WriteInTx makes the Statement of a query that writes, and asks for what its
// connection did last. Like [ReadInTx]'s it is refused outside Write.
func WriteInTx(name, source, sql string) *Statement {
	s := Write(name, source, sql)
	s.inWriteOnly = true
	return s
}

// InWriteOnly reports whether the statement asks for what its connection did last,
// which outside Write may have been anyone's.
func (s *Statement) InWriteOnly() bool { return s.inWriteOnly }

// SpeaksOfFail reports whether the word FAIL is in a text of SQL. Only with it a
// statement keeps the rows before the one that failed: as OR FAIL, ON CONFLICT FAIL or
// RAISE(FAIL, …).
func SpeaksOfFail(sql string) bool { return fail.MatchString(sql) }

var fail = regexp.MustCompile(`(?i)\bfail\b`)

// MayKeepRows reports whether the statement's own text may have it keep the rows before
// the one that failed: with OR FAIL (https://www.sqlite.org/lang_conflict.html).
func (s *Statement) MayKeepRows() bool { return s.mayKeepRows }

// Name returns the query's name.
func (s *Statement) Name() string { return s.name }

// Access returns what the statement does to the database.
func (s *Statement) Access() Access { return s.access }
