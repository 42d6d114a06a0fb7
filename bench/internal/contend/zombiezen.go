package contend

import (
	"context"
	"errors"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Zombiezen is zombiezen.com/go/sqlite, by hand.
var Zombiezen = Contender{
	Name:    "zombiezen",
	About:   "zombiezen.com/go/sqlite by hand: a connection that needs no pool, its cache of prepared statements, ctx's Done as the interrupt",
	Schemas: []Schema{Product, Fleet},
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		return openFiles(ctx, options, "zombiezen", func(path string) (file, error) { return openZombie(path, options.Schema) })
	},
}

// zombieFile is a file and the one connection to it.
type zombieFile struct {
	path   string
	schema Schema
	conn   *sqlite.Conn
}

func openZombie(path string, schema Schema) (*zombieFile, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenWAL)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(5 * time.Second)
	for _, pragma := range []string{"PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = 1"} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return &zombieFile{path, schema, conn}, nil
}

func (f *zombieFile) View(ctx context.Context) (Tenant, error) {
	f.conn.SetInterrupt(ctx.Done())
	base := zombie{ctx: ctx, file: f, conn: f.conn}
	if f.schema == Fleet {
		return &zombieFleet{zombie: base}, nil
	}
	return &zombieProduct{zombie: base}, nil
}

func (f *zombieFile) Close() error { return f.conn.Close() }

// zombie is what a tenant of either schema has.
type zombie struct {
	ctx  context.Context
	file *zombieFile
	conn *sqlite.Conn
	own  *zombieFile // the connection of its own that Again opened
	last Kind
}

// Again opens another connection: one is for one goroutine.
func (z *zombie) Again() (Tenant, error) {
	f, err := openZombie(z.file.path, z.file.schema)
	if err != nil {
		return nil, err
	}
	t, err := f.View(z.ctx)
	switch t := t.(type) {
	case *zombieProduct:
		t.own = f
	case *zombieFleet:
		t.own = f
	}
	return t, err
}

func (z *zombie) Close() error {
	if z.own == nil {
		return nil
	}
	return z.own.Close()
}

// step steps a statement that returns at most one row, scans that, and resets it.
func step(stmt *sqlite.Stmt, scan func(*sqlite.Stmt) error) error {
	found, err := stmt.Step()
	if err == nil && scan != nil {
		err = errNoRow
		if found {
			err = scan(stmt)
		}
	}
	if reset := stmt.Reset(); err == nil {
		err = reset
	}
	return err
}

// bindNullable binds what may be NULL.
func bindNullable(stmt *sqlite.Stmt, param int, value *string) {
	if value == nil {
		stmt.BindNull(param)
		return
	}
	stmt.BindText(param, *value)
}

// columnNullable reads what may be NULL.
func columnNullable(stmt *sqlite.Stmt, column int) *string {
	if stmt.ColumnIsNull(column) {
		return nil
	}
	value := stmt.ColumnText(column)
	return &value
}

// bulk inserts rows in one immediate transaction.
func (z *zombie) bulk(i, rows int, insert func(i int) error) (err error) {
	end, err := sqlitex.ImmediateTransaction(z.conn)
	if err != nil {
		return err
	}
	defer end(&err)
	for row := range rows {
		if err := insert(i + row); err != nil {
			return err
		}
	}
	return nil
}

// count runs a statement that counts.
func (z *zombie) count(sql string) (n int64, err error) {
	stmt, err := z.conn.Prepare(sql)
	if err != nil {
		return 0, err
	}
	err = step(stmt, func(stmt *sqlite.Stmt) error {
		n = stmt.ColumnInt64(0)
		return nil
	})
	return n, err
}
