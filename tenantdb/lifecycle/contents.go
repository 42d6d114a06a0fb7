package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Table is how many rows a table of the application has.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// contents are what a copy is found to hold.
type contents struct {
	schema, tenant, incarnation string
	version                     int64 // of the schema, or in a global database of the catalog's
	tables                      []Table
}

// look reads a copy that this process has made or compared with its sum, and that nobody
// else has open.
func look(ctx context.Context, path string) (c contents, err error) {
	conn, err := sqlite.Open(ctx, path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	conn.Watch(ctx, 0)
	err = conn.Query("SELECT schema, tenant, incarnation FROM silo_file", func(row *sqlite.Stmt) {
		c.schema, c.tenant, c.incarnation = row.ColumnText(0), row.ColumnText(1), row.ColumnText(2)
	})
	if err != nil {
		return c, err
	}
	// A global database is backed up by the catalog, and need not have any schema but that.
	version := migrate.ApplicationVersion
	if c.tenant == "" {
		version = migrate.CatalogVersion
	}
	if c.version, err = version(conn); err != nil {
		return c, err
	}
	// Not the tables that are Silo's, goose's and SQLite's own, nor those of which virtual
	// tables are made.
	err = conn.Query(`SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'silo\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
			AND name <> 'goose_db_version' ORDER BY name`, func(row *sqlite.Stmt) {
		c.tables = append(c.tables, Table{Name: row.ColumnText(0)})
	})
	if err != nil {
		return c, err
	}
	for i := range c.tables {
		name := `"` + strings.ReplaceAll(c.tables[i].Name, `"`, `""`) + `"`
		if err := conn.Query("SELECT count(*) FROM "+name, func(row *sqlite.Stmt) { c.tables[i].Rows = row.ColumnInt(0) }); err != nil {
			return c, err
		}
	}
	return c, ctx.Err()
}

// agrees compares what was found with what was said.
func (c contents) agrees(m tenantdb.Manifest) error {
	if c.schema != m.Schema || c.tenant != m.Tenant.String() || c.incarnation != m.Incarnation || c.version != m.SchemaVersion {
		return fmt.Errorf("it is of schema %q, version %d, tenant %q, incarnation %s; its manifest says %q, %d, %q, %s",
			c.schema, c.version, c.tenant, c.incarnation, m.Schema, m.SchemaVersion, m.Tenant, m.Incarnation)
	}
	return nil
}
