package tenantdb

import (
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

// identity is the one row of silo_file: what the file is of, and which file of
// that name it is. A tenant deleted and made again has another incarnation.
type identity struct {
	schema, kind, incarnation string
}

const createIdentity = `CREATE TABLE silo_file (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	schema      TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('tenant', 'global')),
	incarnation TEXT NOT NULL,
	created_at  TEXT NOT NULL
) STRICT`

// writeIdentity makes the file of conn one of def, within the open transaction.
func writeIdentity(conn *sqlite.Conn, def *definition) error {
	if err := conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
		return err
	}
	if err := conn.Exec(createIdentity); err != nil {
		return err
	}
	var random [16]byte
	rand.Read(random[:]) // never fails: see its documentation
	return conn.Trusted(func() error {
		insert, err := conn.Prepare("INSERT INTO silo_file VALUES (1, ?, ?, ?, ?)", 0)
		if err != nil {
			return err
		}
		defer insert.Close()
		for i, v := range [...]string{def.name, def.kind, hex.EncodeToString(random[:]), time.Now().UTC().Format(query.TimeFormat)} {
			if err := insert.BindText(i+1, v); err != nil {
				return err
			}
		}
		_, err = insert.Step()
		return err
	})
}

// readIdentity reads what the file of conn is, and fails with ErrTenantGone or
// ErrWrongSchema where it is not one of def.
func readIdentity(conn *sqlite.Conn, def *definition) (identity, error) {
	var app int64
	if _, err := conn.QueryRow("PRAGMA application_id", func(row *sqlite.Stmt) { app = row.ColumnInt(0) }); err != nil {
		return identity{}, err
	}
	switch app {
	case applicationID:
	case goneID:
		return identity{}, ErrTenantGone
	default:
		return identity{}, fmt.Errorf("%w: it is not one that Silo has made (application_id %#x)", ErrWrongSchema, app)
	}
	var have identity
	found, err := conn.QueryRow("SELECT schema, kind, incarnation FROM silo_file", func(row *sqlite.Stmt) {
		have = identity{row.ColumnText(0), row.ColumnText(1), row.ColumnText(2)}
	})
	if err != nil {
		return identity{}, err
	}
	if !found || have.schema != def.name || have.kind != def.kind {
		return identity{}, fmt.Errorf("%w: it is of the %s schema %q, the handle is of the %s schema %q", ErrWrongSchema, have.kind, have.schema, def.kind, def.name)
	}
	return have, nil
}
