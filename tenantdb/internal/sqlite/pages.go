package sqlite

import (
	"encoding/binary"
	"fmt"
)

// Pages calls f with each page of the database, in order, as the transaction under way reads
// it, whoever commits meanwhile. They are read through SQLite's own table of them, by which
// its tool sqlite3_rsync copies databases that are in use (https://www.sqlite.org/dbpage.html):
// it knows which are in the log. A page is memory of SQLite's, good until f returns; an error
// of f ends the reading.
func (c *Conn) Pages(f func(page []byte) error) error {
	return c.Trusted(func() error {
		s, err := c.Prepare("SELECT data FROM sqlite_dbpage", 0)
		if err != nil {
			return err
		}
		defer s.Close()
		for {
			row, err := s.Step()
			if err != nil || !row {
				return err
			}
			if err := f(s.Value(0).Bytes()); err != nil {
				return err
			}
		}
	})
}

// Page copies the page of that number into to, as the transaction under way has it.
func (c *Conn) Page(number int64, to []byte) error {
	return c.Trusted(func() error {
		s, err := c.Cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?")
		if err != nil {
			return err
		}
		defer s.Reset()
		if err := s.BindInt(1, number); err != nil {
			return err
		}
		row, err := s.Step()
		if err == nil && (!row || copy(to, s.Value(0).Bytes()) < len(to)) {
			err = fmt.Errorf("sqlite: page %d has not %d bytes", number, len(to))
		}
		return err
	})
}

// CountPages writes into a header how many pages its file has, as SQLite does in each
// transaction that changes their number. Without, a header that another program has left may
// say something else, which counts for nothing as long as its two counters differ
// (https://www.sqlite.org/fileformat2.html#in_header_database_size).
func CountPages(header *[HeaderSize]byte, pages uint32) {
	binary.BigEndian.PutUint32(header[28:], pages)
	copy(header[92:96], header[24:28])
}
