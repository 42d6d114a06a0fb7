package sqlite

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// errOtherSchema is why a connection that was given a schema cannot be used.
var errOtherSchema = errors.New("sqlite: the file is of another schema than the one expected")

// object is a row of sqlite_schema (https://www.sqlite.org/schematab.html): what SQLite
// makes its structure for a schema of, in the order of the rows.
type object struct {
	texts [4]string // type, name, tbl_name, sql
	types [5]Type   // of these and of the page, for a damaged file may hold anything
	page  int64     // of its root
}

const readObjects = "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema ORDER BY rowid"

// is reports whether the row at hand is that of o.
func (o *object) is(row *Stmt) bool {
	for i := range o.types {
		if row.Value(i).Type() != o.types[i] {
			return false
		}
	}
	for i := range o.texts {
		if string(row.Value(i).Bytes()) != o.texts[i] {
			return false
		}
	}
	return row.Value(len(o.texts)).Int() == o.page
}

func objectOf(row *Stmt) (o object) {
	for i := range o.types {
		o.types[i] = row.Value(i).Type()
	}
	for i := range o.texts {
		o.texts[i] = string(row.Value(i).Bytes())
	}
	o.page = row.Value(len(o.texts)).Int()
	return o
}

// statistics reports whether o is a table of ANALYZE's: what is in one, SQLite reads with
// the schema, and it is another in each file (https://www.sqlite.org/fileformat2.html#stat1tab).
func (o object) statistics() bool {
	return strings.HasPrefix(strings.ToLower(o.texts[1]), "sqlite_stat")
}

// main returns SQLite's structures of the one database of a connection, which live until
// that is closed: what is its B-tree's, and the entry in the connection's list. They are
// found by their fields' names in the translated SQLite, as in [Value].
func (c *Conn) main() (*sqlite3.TBtShared, *sqlite3.TDb) {
	db := (*sqlite3.TDb)(pointer((*sqlite3.Tsqlite3)(pointer(c.db)).FaDb))
	return (*sqlite3.TBtShared)(pointer((*sqlite3.TBtree)(pointer(db.FpBt)).FpBt)), db
}

// adopt gives the connection, which has read nothing yet, a schema in the place of its
// empty one.
func (c *Conn) adopt(p *parsed) {
	tree, db := c.main()
	empty := &parsed{schema: tree.FpSchema, clear: tree.FxFreeSchema}
	tree.FpSchema, db.FpSchema = p.schema, p.schema
	empty.drop(c.tls)
	c.parsed = p
}

// verify fails with errOtherSchema if the schema that was adopted is not the file's. Where
// none was, it remembers what the file's was made of, so that it can be kept.
func (c *Conn) verify(s *Schemas) error {
	if c.parsed != nil {
		same, err := c.isMadeOf(c.parsed.objects)
		if err == nil && (!same || !c.parsed.intact()) {
			err = errOtherSchema
		}
		return err
	}
	objects := s.lastSeen()
	same, err := c.isMadeOf(objects)
	if err == nil && !same {
		objects = nil
		err = c.EachOnce(readObjects, func(row *Stmt) { objects = append(objects, objectOf(row)) })
	}
	if err != nil {
		return err
	}
	tree, _ := c.main()
	now := (*sqlite3.TSchema)(pointer(tree.FpSchema))
	if len(objects) == 0 || slices.ContainsFunc(objects, object.statistics) || now.Fenc != sqlite3.SQLITE_UTF8 {
		return nil // in another encoding the connection has other collations
	}
	s.see(objects)
	// These two change with what is in it, and the statement above has seen to it that it is
	// that of the rows which it returned.
	c.parsed = &parsed{schema: tree.FpSchema, clear: tree.FxFreeSchema, objects: objects, cookie: now.Fschema_cookie, generation: now.FiGeneration}
	return nil
}

// formatOf returns the format of the schema that the file's first page tells, by which
// SQLite reads what DESC means (https://www.sqlite.org/fileformat2.html#schema_format).
// A statement is under way, which keeps the page in place.
func formatOf(tree *sqlite3.TBtShared) uint8 {
	const at = 44
	page := (*sqlite3.TMemPage)(pointer(tree.FpPage1))
	return max(1, uint8(binary.BigEndian.Uint32(bytesAt(page.FaData+at, 4)))) // 0 counts as 1
}

// isMadeOf reports whether the file's schema is made of the objects and no others.
func (c *Conn) isMadeOf(objects []object) (bool, error) {
	at, same := 0, true
	tree, _ := c.main()
	err := c.EachOnce(readObjects, func(row *Stmt) {
		if at == 0 {
			same = formatOf(tree) == (*sqlite3.TSchema)(pointer(tree.FpSchema)).Ffile_format
		}
		same = same && at < len(objects) && objects[at].is(row)
		at++
	})
	return same && at == len(objects), err
}

// closeKeeping closes the connection and returns the schema that it leaves, if that is
// what it was when it was compared with the file.
func (c *Conn) closeKeeping() (left *parsed, rc int32) {
	p := c.parsed
	c.parsed = nil
	if p == nil || c.InTransaction() || !p.intact() {
		return nil, sqlite3.Xsqlite3_close(c.tls, c.db)
	}
	// The B-tree would free it. The connection's list goes on to name it: by that the
	// closing finds the virtual tables that the connection has, and disconnects them.
	tree, _ := c.main()
	tree.FpSchema, tree.FxFreeSchema = 0, 0
	if rc := sqlite3.Xsqlite3_close(c.tls, c.db); rc != sqlite3.SQLITE_OK {
		tree.FpSchema, tree.FxFreeSchema = p.schema, p.clear
		return nil, rc
	}
	if !p.intact() {
		p.drop(c.tls)
		return nil, sqlite3.SQLITE_OK
	}
	return p, sqlite3.SQLITE_OK
}

// clearSchema is what shmMap is, for the function by which SQLite clears a schema:
// xFreeSchema of BtShared.
func clearSchema(p uintptr) func(tls *libc.TLS, schema uintptr) {
	return *(*func(*libc.TLS, uintptr))(unsafe.Pointer(&struct{ p uintptr }{p}))
}
