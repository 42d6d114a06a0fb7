package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Image calls f with the database as the bytes that its file would have. They are
// C memory of SQLite's: f reads them, and keeps none of them after it returns.
// See https://www.sqlite.org/c3ref/serialize.html.
func (c *Conn) Image(f func(image []byte) error) error {
	main, err := libc.CString("main")
	if err != nil {
		return err
	}
	defer free(c.tls, main)
	size := alloc(c.tls, 8)
	if size == 0 {
		return errors.New("sqlite: out of memory")
	}
	defer free(c.tls, size)
	// SQLite asks for the number of pages by a PRAGMA, which the policy would refuse.
	return c.Trusted(func() error { return c.image(main, size, f) })
}

func (c *Conn) image(main, size uintptr, f func(image []byte) error) error {
	// A database that was loaded is one block of memory, which need not be copied;
	// of any other, NOCOPY returns nothing.
	p := sqlite3.Xsqlite3_serialize(c.tls, c.db, main, size, sqlite3.SQLITE_SERIALIZE_NOCOPY)
	if p == 0 {
		if p = sqlite3.Xsqlite3_serialize(c.tls, c.db, main, size, 0); p == 0 {
			return errors.New("sqlite: the database cannot be copied as a whole")
		}
		defer sqlite3.Xsqlite3_free(c.tls, p)
	}
	return f(bytesAt(p, int(*(*int64)(pointer(size)))))
}

// Load makes the database of an [InMemory] connection a copy of the image, which must
// not be marked as one of a file with a write-ahead log.
// See https://www.sqlite.org/c3ref/deserialize.html.
func (c *Conn) Load(image []byte) error {
	return c.load(bytes.NewReader(image), int64(len(image)), sqlite3.SQLITE_DESERIALIZE_RESIZEABLE)
}

// OpenImage opens the image of a database that is read from r, once, on an [InMemory] connection
// of its own that is not to be written to. SQLite reads its pages where they are, and takes no memory
// for copies of them. The schemas are as those of [Config].
func OpenImage(ctx context.Context, r io.ReaderAt, size int64, schemas *Schemas) (*Conn, error) {
	c, err := openImage(ctx, r, size, schemas, schemas.take())
	if errors.Is(err, errOtherSchema) {
		c, err = openImage(ctx, r, size, schemas, nil)
	}
	return c, err
}

// openImage is OpenImage with a schema to adopt, if it is not nil.
func openImage(ctx context.Context, r io.ReaderAt, size int64, schemas *Schemas, schema *parsed) (*Conn, error) {
	c, err := open(ctx, ":memory:", 0, Config{Mode: InMemory}, nil)
	if err != nil {
		schemas.putBack(schema)
		return nil, err
	}
	c.Watch(ctx, 0)
	defer c.Unwatch()
	err = c.load(io.NewSectionReader(r, 0, size), size, sqlite3.SQLITE_DESERIALIZE_READONLY)
	c.schemas = schemas
	switch {
	case err != nil:
		schemas.putBack(schema)
	case schema != nil:
		c.adopt(schema)
	}
	if err == nil { // this is what it calls reading pages where they are, though nothing is mapped
		err = c.Exec(fmt.Sprintf("PRAGMA mmap_size=%d", size))
	}
	if err == nil && schemas != nil {
		err = c.verify(schemas)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Conn) load(r io.Reader, size int64, flags uint32) error {
	main, err := libc.CString("main")
	if err != nil {
		return err
	}
	defer free(c.tls, main)
	// SQLite's own allocator, for SQLite frees it, also when it fails.
	p := sqlite3.Xsqlite3_malloc64(c.tls, sqlite3.Tsqlite3_uint64(size))
	if p == 0 {
		return errors.New("sqlite: out of memory")
	}
	if _, err := io.ReadFull(r, bytesAt(p, int(size))); err != nil {
		sqlite3.Xsqlite3_free(c.tls, p)
		return err
	}
	// It is done by an ATTACH within SQLite, which the policy would refuse.
	return c.Trusted(func() error {
		if rc := sqlite3.Xsqlite3_deserialize(c.tls, c.db, main, p, size, size, sqlite3.SQLITE_DESERIALIZE_FREEONCLOSE|flags); rc != sqlite3.SQLITE_OK {
			return c.fail(rc, "")
		}
		return nil
	})
}

// HeaderSize is how many bytes of a file its header is
// (https://www.sqlite.org/fileformat2.html#the_database_header).
const HeaderSize = 100

// MarkWAL writes into a header what PRAGMA journal_mode=wal writes into a file: that
// it is written and read with a write-ahead log
// (https://www.sqlite.org/fileformat2.html#file_format_version_numbers).
func MarkWAL(header *[HeaderSize]byte) { header[18], header[19] = 2, 2 }

// UnmarkWAL writes into a header what PRAGMA journal_mode=delete writes into a file: that
// it has no write-ahead log beside it, so that nothing is made there to read it.
func UnmarkWAL(header *[HeaderSize]byte) { header[18], header[19] = 1, 1 }
