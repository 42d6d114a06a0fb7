package tenantdb

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// What a file says it is, in SQLite's header field for that
// (https://www.sqlite.org/pragma.html#pragma_application_id).
const (
	applicationID = 0x53696c6f // "Silo"
	goneID        = 0x476f6e65 // "Gone": deleted, for whoever still has it open
)

// identity is the one row of silo_file: what and whose the file is, and which file of
// that name. A tenant deleted and made again has another incarnation.
type identity struct {
	schema, kind, tenant, incarnation string
}

const createIdentity = `CREATE TABLE silo_file (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	schema      TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('tenant', 'global')),
	tenant      TEXT NOT NULL,
	incarnation TEXT NOT NULL,
	created_at  TEXT NOT NULL
) STRICT`

// writeIdentity makes the file of conn that of a, within the open transaction.
func writeIdentity(conn *sqlite.Conn, a address) error {
	if err := conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
		return err
	}
	if err := conn.Exec(createIdentity); err != nil {
		return err
	}
	return conn.Trusted(func() error {
		return bindAndRun(conn, "INSERT INTO silo_file (one, tenant, incarnation, created_at, schema, kind) VALUES (1, ?, ?, ?, ?, ?)",
			append(own(a), a.def.recorded(), a.def.kind)...)
	})
}

// changeIdentity makes a copy of another file of a's schema that of a, within the open
// transaction.
func changeIdentity(conn *sqlite.Conn, a address) error {
	return conn.Trusted(func() error {
		err := bindAndRun(conn, "UPDATE silo_file SET tenant = ?, incarnation = ?, created_at = ?", own(a)...)
		if err == nil && conn.Changes() != 1 {
			err = fmt.Errorf("%w: silo_file has %d rows", ErrCorrupt, conn.Changes())
		}
		return err
	})
}

// claim makes a global file that is nobody's that of a's schema, within the open
// transaction.
func claim(conn *sqlite.Conn, a address) error {
	have, err := readIdentity(conn, a)
	if err != nil || have.schema != nobodys || a.def.catalog {
		return err
	}
	return conn.Trusted(func() error { return bindAndRun(conn, "UPDATE silo_file SET schema = ?", a.def.name) })
}

// renewIncarnation makes the file of conn another one of its tenant, within the open
// transaction.
func renewIncarnation(conn *sqlite.Conn) error {
	return conn.Trusted(func() error {
		return bindAndRun(conn, "UPDATE silo_file SET incarnation = ?", newIncarnation())
	})
}

func newIncarnation() string {
	var random [16]byte
	rand.Read(random[:]) // never fails: see its documentation
	return hex.EncodeToString(random[:])
}

// own returns what is a new file's own: its tenant, its incarnation and its time.
func own(a address) []string {
	return []string{a.tenant.name, newIncarnation(), time.Now().UTC().Format(query.TimeFormat)}
}

func bindAndRun(conn *sqlite.Conn, sql string, values ...string) error {
	st, err := conn.Prepare(sql, 0)
	if err != nil {
		return err
	}
	defer st.Close()
	for i, v := range values {
		if err := st.BindText(i+1, v); err != nil {
			return err
		}
	}
	_, err = st.Step()
	return err
}

// readApplicationID reads what SQLite's header says of the file.
func readApplicationID(conn *sqlite.Conn) (id int64, err error) {
	_, err = conn.Once("PRAGMA application_id", func(row *sqlite.Stmt) { id = row.ColumnInt(0) })
	return id, err
}

// readIdentity reads what the file of conn is, and fails with ErrTenantGone,
// ErrWrongSchema or ErrWrongTenant where it is not that of a.
func readIdentity(conn *sqlite.Conn, a address) (have identity, err error) {
	var app int64
	var rowErr error
	_, err = conn.Once("PRAGMA application_id", func(row *sqlite.Stmt) {
		// Read while this statement stands at its row, the rest is of the same transaction,
		// which is not begun a second time.
		if app = row.ColumnInt(0); app == applicationID {
			have, rowErr = readIdentityRow(conn)
		}
	})
	switch err := cmp.Or(err, rowErr); {
	case err != nil:
		return identity{}, err
	case ended(app) != nil:
		return identity{}, ended(app)
	case app != applicationID:
		return identity{}, fmt.Errorf("%w: it is not one that Silo has made (application_id %#x)", ErrWrongSchema, app)
	}
	if err := have.fits(a); err != nil {
		return identity{}, err
	}
	return have, nil
}

// fits fails with ErrWrongSchema or ErrWrongTenant if the identity is not that of a.
func (have identity) fits(a address) error {
	switch {
	case !a.def.accepts(have.kind, have.schema):
		return a.def.refuse(have.kind, have.schema)
	case have.tenant != a.tenant.name:
		return fmt.Errorf("%w: it was made for tenant %q", ErrWrongTenant, have.tenant)
	}
	return nil
}

func readIdentityRow(conn *sqlite.Conn) (have identity, err error) {
	_, err = conn.Once("SELECT schema, kind, tenant, incarnation FROM silo_file", func(row *sqlite.Stmt) {
		have = identity{row.ColumnText(0), row.ColumnText(1), row.ColumnText(2), row.ColumnText(3)}
	})
	return have, err
}
