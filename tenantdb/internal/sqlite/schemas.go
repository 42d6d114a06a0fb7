package sqlite

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Schemas keeps what SQLite has made of a file's schema, when a connection is closed, for
// the next one that is opened to a file of the same schema. To read the text of some
// forty tables, indexes and triggers anew takes as long as all else of opening a file
// does that is known.
//
// SQLite's structure for a schema knows no connection: in shared-cache mode several use
// one (https://www.sqlite.org/sharedcache.html), so nothing in it is of a connection's own
// memory, and what is (virtual tables that are connected) ends with the connection. Here
// one connection at a time has it. It is taken from the B-tree that is about to be closed,
// and given to that of a file in place of the empty one which it has before it is first
// read. Then the file's sqlite_schema is read and compared, row by row, before anything
// else is prepared: unless all of it is the same, pages of roots included, the connection
// is closed and opened anew without. As ever, SQLite looks at the file's schema cookie in
// each transaction, and reads the schema itself when that has changed.
//
// A Schemas may be used by any goroutine.
type Schemas struct {
	mu     sync.Mutex
	closed bool
	free   []*parsed
	seen   []object // the schema that was read last, which those of other files mostly are
}

// keptSchemas is how many are kept that no connection has. A file is mostly opened in the
// place of one that was closed just before.
const keptSchemas = 8

// parsed is a schema as SQLite has it, and what it was made of.
type parsed struct {
	schema     uintptr // Schema*
	clear      uintptr // what SQLite clears one with
	objects    []object
	cookie     int32
	generation int32
	left       int // how many connections have left it
}

// Close frees what is kept, and what connections would give back from now on.
func (s *Schemas) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	tls := libc.NewTLS()
	defer tls.Close()
	for _, p := range s.free {
		p.drop(tls)
	}
	s.free = nil
}

func (s *Schemas) take() *parsed {
	if s == nil || !verified {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.free)
	if n == 0 {
		return nil
	}
	p := s.free[n-1]
	s.free[n-1] = nil
	s.free = s.free[:n-1]
	return p
}

// putBack keeps what take has given to a connection that did not come to be.
func (s *Schemas) putBack(p *parsed) {
	if p == nil {
		return
	}
	tls := libc.NewTLS()
	defer tls.Close()
	s.keep(tls, p)
}

// keep keeps p, or frees it where there are enough.
func (s *Schemas) keep(tls *libc.TLS, p *parsed) {
	s.mu.Lock()
	p.left++
	enough := !verified || s.closed || len(s.free) >= keptSchemas
	if !enough {
		s.free = append(s.free, p)
	}
	s.mu.Unlock()
	if enough {
		p.drop(tls)
	}
}

// drop frees it, as SQLite does when it closes a B-tree.
func (p *parsed) drop(tls *libc.TLS) {
	clearSchema(p.clear)(tls, p.schema)
	sqlite3.Xsqlite3_free(tls, p.schema)
}

// intact reports whether it is still what it was when it was compared: neither read anew
// nor changed, nor given up in a rollback.
func (p *parsed) intact() bool {
	s := (*sqlite3.TSchema)(pointer(p.schema)) // C memory that lives until drop
	return s.FschemaFlags&sqlite3.DB_SchemaLoaded != 0 && s.Fschema_cookie == p.cookie && s.FiGeneration == p.generation
}

func (s *Schemas) lastSeen() []object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// see remembers what a file's schema is made of, once for all the files of which it is.
func (s *Schemas) see(objects []object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = objects
}
