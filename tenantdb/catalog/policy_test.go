package catalog_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/sqlcheck"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func scanText(row *query.Row, s *string) { *s = row.Text(0) }

// forbidden is SQL of an application that would change what the catalog says.
var forbidden = []string{
	"UPDATE silo_tenants SET state = 'active'",
	"INSERT INTO silo_tenants (id, state) VALUES ('x', 'active')",
	"INSERT INTO silo_aliases (kind, value, tenant_id) VALUES ('a', 'b', 'acme')",
	"DELETE FROM silo_tenant_labels",
	"INSERT INTO silo_audit (actor, operation, tenant_id, result) VALUES ('ann', 'x', '', 'ok')",
	"DELETE FROM silo_audit",
	"UPDATE silo_audit SET actor = 'bob'",
	"REPLACE INTO silo_audit (id, actor, operation, tenant_id, result) VALUES (1, 'bob', 'x', '', 'ok')",
	"UPDATE silo_changes SET count = 0",
	"INSERT INTO silo_api_keys (id, tenant_id, hash, created_at) VALUES ('aaaaaaaaaaaaaaaa', 'acme', randomblob(32), '')",
	"UPDATE silo_api_keys SET revoked_at = NULL",
	"DELETE FROM silo_api_keys",
	"DELETE FROM silo_goose_db_version",
	"DELETE FROM silo_catalog_migration",
	"UPDATE silo_file SET schema = 'x'",
	"DROP TABLE silo_audit",
	"DROP TRIGGER silo_audit_loses_none",
	"ALTER TABLE silo_audit RENAME TO audit",
	"CREATE TEMP TABLE silo_tenants (id)",
	"ATTACH 'x' AS y",
	"PRAGMA writable_schema = ON",
}

func TestTheApplicationReadsTheCatalogAndNeverWritesIt(t *testing.T) {
	k := newKit(t)
	_, acme := k.tenant(t, "acme")
	refused := func(where string, ctx context.Context, b query.Binding) {
		t.Helper()
		for _, text := range forbidden {
			if err := query.Exec(ctx, b, query.Write("Forbidden", "x.sql", text)); !errors.Is(err, tenantdb.ErrNotAuthorized) {
				t.Errorf("%s, %s: %v", where, text, err)
			}
		}
		read := query.Read("Read", "x.sql", "SELECT t.state || ' ' || (SELECT count(*) FROM users) FROM silo_tenants AS t WHERE t.id = 'acme'")
		if got, err := query.One(ctx, b, read, scanText); err != nil || got != "active 0" {
			t.Errorf("%s: read %q, %v", where, got, err)
		}
	}
	refused("by itself", t.Context(), tenantdb.Bind(k.global))
	err := catalog.WriteWith(t.Context(), k.c, k.global, func(ctx context.Context, app *global.Tx, tx *catalog.Tx) error {
		refused("in a transaction", ctx, tenantdb.Bind(app))
		if err := tx.Protect(ctx, acme.ID); err != nil {
			return err
		}
		// The connection has just run statements that may write what these may not.
		refused("in a transaction after the catalog", ctx, tenantdb.Bind(app))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.c.Get(t.Context(), acme.ID); err != nil || !got.Protected || got.State != catalog.Active {
		t.Errorf("the tenant is %+v, %v", got, err)
	}
	if err := k.c.Unprotect(t.Context(), acme.ID); err != nil {
		t.Fatal(err)
	}
	refused("on the connection that the catalog has used", t.Context(), tenantdb.Bind(k.global))
	if n := len(k.entries(t, tenantdb.ID{})); n != 3 {
		t.Errorf("%d entries, want those of register, protect and unprotect", n)
	}
}

// schemaOf makes a schema of an application of its second migration.
type appSchema struct{ tenantdb.Global }

var second string

func (appSchema) Migrations() fs.FS {
	const first = "-- +goose Up\nCREATE TABLE members (tenant_id TEXT NOT NULL REFERENCES silo_tenants (id) ON DELETE CASCADE, name TEXT NOT NULL);\n"
	out := fstest.MapFS{"1_first.sql": {Data: []byte(first)}}
	if second != "" {
		out["2_second.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n-- +goose StatementBegin\n" + second + "\n-- +goose StatementEnd\n")}
	}
	return out
}

func (s appSchema) Origin() tenantdb.Origin {
	digest, err := sqlcheck.Digest(s.Migrations())
	if err != nil {
		panic(err)
	}
	return tenantdb.Origin{Name: "app", Digest: digest}
}

func TestMigrationsOfTheApplicationLeaveTheCatalogAlone(t *testing.T) {
	for _, text := range []string{
		"DROP TABLE silo_audit;",
		"DROP TRIGGER silo_audit_loses_none;",
		"DROP INDEX silo_tenants_state;",
		"DELETE FROM silo_tenants;",
		"UPDATE silo_tenants SET state = 'active';",
		"ALTER TABLE silo_audit RENAME TO audit;",
		"ALTER TABLE silo_tenants ADD COLUMN mine;",
		"CREATE TRIGGER x AFTER INSERT ON silo_tenants BEGIN SELECT 1; END;",
		"CREATE INDEX x ON silo_tenants (display_name);",
		"CREATE TABLE silo_mine (x);",
		"ALTER TABLE members RENAME TO silo_members;",
		"CREATE VIEW silo_all AS SELECT 1;",
		"CREATE TEMP TABLE silo_tenants (id);",
		"DELETE FROM silo_goose_db_version;",
		"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'silo_audit_loses_none';",
	} {
		dir := tenanttest.Dir(t, tenantdb.Options{})
		c, err := catalog.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		second = text
		if _, err := tenantdb.OpenGlobal[appSchema](t.Context(), dir); !errors.Is(err, tenantdb.ErrMigrationFailed) {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "acme")}); err != nil {
			t.Errorf("%s: the catalog after it: %v", text, err)
		}
	}
}

func TestRowsOfTheApplicationFollowATenantThatIsForgottenAndItsTriggersGainNothing(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	c, err := catalog.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	open := func(text string) query.Binding {
		t.Helper()
		second = text
		db, err := tenantdb.OpenGlobal[appSchema](t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		return tenantdb.Bind(db)
	}
	app := open("CREATE TRIGGER forge AFTER DELETE ON members BEGIN INSERT INTO silo_audit (actor, operation, tenant_id, result) VALUES ('forged', 'x', '', 'ok'); END;")
	acme, err := c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "acme")})
	if err != nil {
		t.Fatal(err)
	}
	if err := query.Exec(t.Context(), app, query.Write("Add", "x.sql", "INSERT INTO members VALUES ('acme', 'ann')")); err != nil {
		t.Fatal(err)
	}
	if err := query.Exec(t.Context(), app, query.Write("Add", "x.sql", "INSERT INTO members VALUES ('nobody', 'ann')")); !errors.Is(err, tenantdb.ErrForeignKey) {
		t.Errorf("a member of nobody: %v", err)
	}
	err = c.Forget(t.Context(), acme.ID, acme.Generation)
	if !errors.Is(err, tenantdb.ErrNotAuthorized) || !strings.Contains(err.Error(), "silo_audit") {
		t.Errorf("forgotten with a trigger that forges: %v", err)
	}
	for e, err := range c.Entries(t.Context(), tenantdb.ID{}) {
		if err != nil || e.Actor == "forged" {
			t.Errorf("%+v, %v", e, err)
		}
	}
}
