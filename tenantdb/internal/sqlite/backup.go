package sqlite

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Backup copies the database of one connection over that of another, some pages at a
// time (https://www.sqlite.org/backup.html). Begin a transaction that reads on the source
// and take its snapshot first: SQLite then copies that snapshot, whoever commits
// meanwhile; otherwise each commit of another connection has the copy begin anew.
//
// The two connections are used by nobody else until Close, which comes before theirs.
type Backup struct {
	to *Conn
	p  uintptr // sqlite3_backup*
}

// NewBackup begins to copy the database of from over that of to. Nothing is copied yet.
func NewBackup(to, from *Conn) (*Backup, error) {
	main, err := libc.CString("main")
	if err != nil {
		return nil, err
	}
	defer free(to.tls, main)
	p := sqlite3.Xsqlite3_backup_init(to.tls, to.db, main, from.db, main)
	if p == 0 {
		// The error is left in the connection that is copied to.
		return nil, to.fail(sqlite3.Xsqlite3_extended_errcode(to.tls, to.db), "")
	}
	return &Backup{to: to, p: p}, nil
}

// Step copies up to n pages and reports whether that was the last of them. Then, and only
// then, the copy is committed. An error is that of the file which was read or written.
func (b *Backup) Step(n int) (done bool, err error) {
	// What it finds out about the copy it asks for by a PRAGMA.
	err = b.to.Trusted(func() error {
		switch rc := sqlite3.Xsqlite3_backup_step(b.to.tls, b.p, int32(n)); rc {
		case sqlite3.SQLITE_OK:
			return nil
		case sqlite3.SQLITE_DONE:
			done = true
			return nil
		default:
			// Which of the two connections has the message, SQLite does not say.
			return &Error{Code: int(rc), Message: goString(sqlite3.Xsqlite3_errstr(b.to.tls, rc)), Offset: -1}
		}
	})
	return done, err
}

// Pages returns how many pages the database has, and how many of them are not copied,
// after the last Step.
func (b *Backup) Pages() (all, left int) {
	return int(sqlite3.Xsqlite3_backup_pagecount(b.to.tls, b.p)), int(sqlite3.Xsqlite3_backup_remaining(b.to.tls, b.p))
}

// Close ends the copying. What was copied by half is undone. It may be called twice.
func (b *Backup) Close() error {
	if b.p == 0 {
		return nil
	}
	rc := sqlite3.Xsqlite3_backup_finish(b.to.tls, b.p)
	b.p = 0
	if rc != sqlite3.SQLITE_OK {
		return &Error{Code: int(rc), Message: goString(sqlite3.Xsqlite3_errstr(b.to.tls, rc)), Offset: -1}
	}
	return nil
}
