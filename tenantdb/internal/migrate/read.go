package migrate

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// once is a folder of which goose reads what was read of it before, though it change meanwhile.
type once struct {
	fs.FS
	texts map[string][]byte
}

// Open opens a text, or what else there is of the name.
func (o once) Open(name string) (fs.File, error) {
	text, ok := o.texts[name]
	if !ok {
		return o.FS.Open(name)
	}
	return again{bytes.NewReader(text)}, nil
}

// again is a file that was read before, and has nothing but its text.
type again struct{ *bytes.Reader }

func (again) Stat() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (again) Close() error               { return nil }

// read has goose read the migrations of a folder, each once. How it does that is internal to it,
// so its provider runs them, on a database that runs nothing and notes what it is handed.
func (s *Set) read(fsys fs.FS) (err error) {
	note := &notebook{}
	db := sql.OpenDB(note)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, fsys, goose.WithDisableVersioning(true), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return &Error{Kind: ErrInvalid, Err: err}
	}
	for i := range s.Migrations {
		m := &s.Migrations[i]
		_, upErr := provider.ApplyVersion(context.Background(), m.Version, true)
		m.up, note.texts = note.texts, nil
		_, downErr := provider.ApplyVersion(context.Background(), m.Version, false)
		m.down, note.texts = note.texts, nil
		if err := cmp.Or(upErr, downErr); err != nil {
			return &Error{Kind: ErrInvalid, File: m.Name, Version: m.Version, Err: err}
		}
		m.namesOurs = strings.Contains(strings.ToLower(strings.Join(slices.Concat(m.up, m.down), "\n")), "silo")
	}
	return nil
}

// notebook is a database of one connection that notes the texts which it is to run. goose
// uses it from one goroutine at a time.
type notebook struct{ texts []string }

func (n *notebook) Connect(context.Context) (driver.Conn, error) { return n, nil }
func (n *notebook) Driver() driver.Driver                        { return n }
func (n *notebook) Open(string) (driver.Conn, error)             { return n, nil }
func (n *notebook) Close() error                                 { return nil }
func (n *notebook) Begin() (driver.Tx, error)                    { return n, nil }
func (n *notebook) Commit() error                                { return nil }
func (n *notebook) Rollback() error                              { return nil }

// ExecContext notes what goose takes for a statement, which between StatementBegin and
// StatementEnd may be several.
func (n *notebook) ExecContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Result, error) {
	if text != "" { // as what is nothing but white space
		n.texts = append(n.texts, text)
	}
	return driver.RowsAffected(0), nil
}

// Prepare is not what goose calls with what it runs: that is ExecContext.
func (n *notebook) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("migrate: goose prepared a statement")
}
