package tenantdb_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// trap has, in its migrations, all that a schema may try to reach other files with.
type trap struct{ tenantdb.Tenant }

func (trap) Migrations() fs.FS {
	return files(notes1, `-- +goose Up
CREATE VIEW loads AS SELECT load_extension('/tmp/x.so') AS x;
CREATE VIEW schema_of AS SELECT sql FROM sqlite_schema;
-- +goose StatementBegin
CREATE TRIGGER on_notes AFTER UPDATE ON notes BEGIN
	INSERT INTO notes (body) SELECT load_extension('/tmp/x.so');
END;
-- +goose StatementEnd
`)
}
func (s trap) Origin() tenantdb.Origin { return origin("trap", s.Migrations()) }

func TestNoSQLOfATenantReachesAnotherFileOrTheConnectionsSettings(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[trap])
	acme, globex := kit.Two()
	for _, tenant := range []tenanttest.Tenant[trap]{acme, globex} {
		if err := add(tenant.Context, tenant.DB, "of "+tenant.ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(kit.Dir.Path(), "tenants", "globex.db")
	stolen := filepath.Join(t.TempDir(), "stolen.db")
	arg := []query.Value{query.Text(target)}
	for _, tt := range []struct {
		sql  string
		args []query.Value
	}{
		{"ATTACH '" + target + "' AS o", nil},
		{"ATTACH DATABASE 'file:" + target + "?mode=ro' AS o", nil},
		{"ATTACH ? AS o", arg},
		{"ATTACH (SELECT ?) AS o", arg},
		{"ATTACH ? || '' AS o", arg},
		{"ATTACH '' AS o", nil},
		{"ATTACH ':memory:' AS o", nil},
		{"DETACH main", nil},
		{"VACUUM", nil},
		{"VACUUM INTO '" + stolen + "'", nil},
		{"VACUUM INTO ?", []query.Value{query.Text(stolen)}},
		{"PRAGMA writable_schema=on", nil},
		{"PRAGMA journal_mode=off", nil},
		{"PRAGMA synchronous=off", nil},
		{"PRAGMA foreign_keys=off", nil},
		{"PRAGMA query_only=off", nil},
		{"PRAGMA trusted_schema=on", nil},
		{"PRAGMA temp_store_directory='/tmp'", nil},
		{"PRAGMA application_id=1", nil},
		{"PRAGMA user_version=1", nil},
		{"SELECT * FROM pragma_journal_mode", nil},
		{"SELECT load_extension('/tmp/x.so')", nil},
		{"SELECT * FROM loads", nil},
		{"UPDATE notes SET body = body || '!'", nil},
		{"SELECT writefile('" + stolen + "', 'x')", nil},
		{"SELECT readfile('" + target + "')", nil},
		{"SELECT fts3_tokenizer('simple')", nil},
		{"CREATE TABLE mine (x)", nil},
		{"CREATE TEMP TABLE mine (x)", nil},
		{"CREATE TEMP TRIGGER mine AFTER INSERT ON notes BEGIN SELECT 1; END", nil},
		{"CREATE VIRTUAL TABLE mine USING fts5(x)", nil},
		{"DROP TABLE notes", nil},
		{"ALTER TABLE notes RENAME TO n", nil},
		{"REINDEX", nil},
		{"ANALYZE", nil},
		{"UPDATE sqlite_schema SET sql = ''", nil},
		{"DELETE FROM goose_db_version", nil},
		{"UPDATE silo_file SET schema = 'x'", nil},
		{"INSERT INTO silo_migration VALUES (9, 9, '', '', 9)", nil},
		{"BEGIN", nil},
		{"COMMIT", nil},
		{"ROLLBACK", nil},
		{"SAVEPOINT s", nil},
		{"SELECT 1; ATTACH '" + target + "' AS o", nil},
	} {
		for where, try := range map[string]func(*query.Statement) error{
			"alone": func(st *query.Statement) error {
				return query.Exec(acme.Context, tenantdb.Bind(acme.DB), st, tt.args...)
			},
			"in Write": func(st *query.Statement) error {
				return acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[trap]) error {
					return query.Exec(ctx, tenantdb.Bind(tx), st, tt.args...)
				})
			},
			"in Read": func(st *query.Statement) error {
				return acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[trap]) error {
					return query.Exec(ctx, tenantdb.Bind(tx), st, tt.args...)
				})
			},
		} {
			for _, st := range []*query.Statement{query.Read("Try", "try.sql:1", tt.sql), query.Write("Try", "try.sql:1", tt.sql)} {
				if err := try(st); err == nil {
					t.Errorf("%s: %s was run", where, tt.sql)
				}
			}
		}
	}
	if _, err := os.Stat(stolen); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file came to be outside: %v", err)
	}
	if got, err := list(acme.Context, acme.DB); err != nil || len(got) != 1 || got[0] != "of acme" {
		t.Errorf("acme has %q, %v", got, err)
	}
}

// attacher has migrations that reach for another file.
type attacher struct{ tenantdb.Tenant }

func (attacher) Migrations() fs.FS {
	return files(notes1, "-- +goose Up\nATTACH 'global.db' AS g;\n")
}
func (s attacher) Origin() tenantdb.Origin { return origin("attacher", s.Migrations()) }

func TestAMigrationReachesNoOtherFile(t *testing.T) {
	store := openStore[attacher](t, tenanttest.Dir(t, tenantdb.Options{}))
	err := store.Create(t.Context(), tenanttest.ID(t, "acme"))
	if !errors.Is(err, tenantdb.ErrMigrationFailed) || !errors.Is(err, tenantdb.ErrNotAuthorized) {
		t.Errorf("got %v", err)
	}
	if ids, err := store.Tenants(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("there are %v, %v", ids, err)
	}
}

func TestAHandleThatWasPassedThroughAnyFailsAtTheAssertion(t *testing.T) {
	acme := newNotes(t)
	if _, ok := any(acme.DB).(tenantdb.Handle[other]); ok {
		t.Error("a handle of one schema was taken for one of another")
	}
	if _, ok := any(acme.DB).(tenantdb.Handle[notes]); !ok {
		t.Error("a handle was not taken for what it is")
	}
}
