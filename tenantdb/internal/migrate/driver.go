package migrate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// gooseDB is conn as a *sql.DB, which is what goose takes: a pool of one, whose
// transactions are savepoints within the one that is open on conn. Closing it
// leaves conn open.
func gooseDB(conn *sqlite.Conn, place *place) *sql.DB {
	db := sql.OpenDB(connector{conn, place})
	db.SetMaxOpenConns(1)
	return db
}

type connector struct {
	conn  *sqlite.Conn
	place *place
}

// place is how far the migration under way has come.
type place struct {
	unit   int      // the number, from 1, of the text that goose handed over last
	before []string // the schema's shape before the migration asked to edit its text
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return gooseConn(c), nil }
func (c connector) Driver() driver.Driver                        { return gooseDriver{} }

type gooseDriver struct{}

func (gooseDriver) Open(string) (driver.Conn, error) {
	return nil, errors.New("migrate: this driver has one connection and opens no other")
}

// gooseConn is the part of a driver connection that goose uses.
type gooseConn connector

func (c gooseConn) Close() error { return nil }
func (c gooseConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c gooseConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	return savepoint{c.conn}, c.conn.Exec("SAVEPOINT migration")
}

type savepoint struct{ conn *sqlite.Conn }

func (s savepoint) Commit() error { return s.conn.Exec("RELEASE migration") }

func (s savepoint) Rollback() error {
	if !s.conn.InTransaction() {
		return nil // the error at hand has ended the whole transaction already
	}
	return errors.Join(s.conn.Exec("ROLLBACK TO migration"), s.conn.Exec("RELEASE migration"))
}

// ExecContext runs what goose takes for a statement, which between StatementBegin
// and StatementEnd may be several.
func (c gooseConn) ExecContext(_ context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) > 0 {
		return nil, driver.ErrSkip // prepared, bound and run
	}
	c.place.unit++
	if err := c.place.edit(c.conn, sql); err != nil {
		return nil, err
	}
	return driver.RowsAffected(0), c.conn.Script(sql)
}

func (c gooseConn) Prepare(sql string) (driver.Stmt, error) {
	stmt, err := c.conn.Prepare(sql, 0)
	if err != nil {
		return nil, err
	}
	return &gooseStmt{stmt: stmt, conn: c.conn}, nil
}

type gooseStmt struct {
	conn *sqlite.Conn
	stmt *sqlite.Stmt
}

func (s *gooseStmt) Close() error {
	s.stmt.Close()
	return nil
}

func (s *gooseStmt) NumInput() int { return s.stmt.ParamCount() }

// Exec is not what goose calls with what it runs: that is ExecContext.
func (s *gooseStmt) Exec([]driver.Value) (driver.Result, error) {
	return nil, errors.New("migrate: goose executed a statement with arguments")
}

func (s *gooseStmt) Query(args []driver.Value) (driver.Rows, error) {
	for i, arg := range args {
		v, ok := arg.(int64) // goose asks for versions only
		if !ok {
			return nil, fmt.Errorf("migrate: goose bound a %T", arg)
		}
		if err := s.stmt.BindInt(i+1, v); err != nil {
			return nil, err
		}
	}
	return (*gooseRows)(s), nil
}

type gooseRows gooseStmt

func (r *gooseRows) Columns() []string {
	names := make([]string, r.stmt.ColumnCount())
	for i := range names {
		names[i] = r.stmt.ColumnName(i)
	}
	return names
}

func (r *gooseRows) Close() error {
	r.stmt.Reset()
	return nil
}

func (r *gooseRows) Next(dest []driver.Value) error {
	row, err := r.stmt.Step()
	if err != nil {
		return err
	}
	if !row {
		return io.EOF
	}
	for i := range dest {
		switch r.stmt.ColumnType(i) {
		case sqlite.Integer:
			dest[i] = r.stmt.ColumnInt(i)
		case sqlite.Null:
			dest[i] = nil
		default:
			dest[i] = r.stmt.ColumnText(i)
			// goose scans its version table's one time column as a time.
			if r.stmt.ColumnDeclType(i) == "TIMESTAMP" {
				t, err := time.Parse(time.DateTime, r.stmt.ColumnText(i))
				if err != nil {
					return fmt.Errorf("migrate: goose_db_version.tstamp: %w", err)
				}
				dest[i] = t
			}
		}
	}
	return nil
}
