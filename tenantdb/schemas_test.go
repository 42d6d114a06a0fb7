package tenantdb_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/sqlcheck"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The tests of the runtime have schemas of their own, small and in several
// versions, with the code that the generator would have made for them.

const (
	notes1 = "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);\n-- +goose Down\nDROP TABLE notes;\n"
	// notes2 rebuilds a parent table whose children cascade.
	notes2 = `-- +goose Up
CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE pages (id INTEGER PRIMARY KEY, folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE);
INSERT INTO folders VALUES (1, 'a');
INSERT INTO pages VALUES (1, 1), (2, 1), (3, 1);
-- +goose Down
DROP TABLE pages;
DROP TABLE folders;
`
	notes3 = `-- +goose Up
CREATE TABLE folders_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, colour TEXT NOT NULL DEFAULT 'red');
INSERT INTO folders_new (id, name) SELECT id, name FROM folders;
DROP TABLE folders;
ALTER TABLE folders_new RENAME TO folders;
-- +goose Down
ALTER TABLE folders DROP COLUMN colour;
`
)

func files(texts ...string) fs.FS {
	names := []string{"00001_notes.sql", "00002_folders.sql", "00003_colours.sql", "00004_more.sql"}
	out := fstest.MapFS{}
	for i, text := range texts {
		out["tenant/"+names[i]] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func origin(name string, migrations fs.FS) tenantdb.Origin {
	digest, err := sqlcheck.Digest(migrations)
	if err != nil {
		panic(err)
	}
	return tenantdb.Origin{Name: name, Digest: digest}
}

// notes is the schema at its first version, notesLater at its third.
type notes struct{ tenantdb.Tenant }

func (notes) Migrations() fs.FS         { return files(notes1) }
func (s notes) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }

type notesLater struct{ tenantdb.Tenant }

func (notesLater) Migrations() fs.FS         { return files(notes1, notes2, notes3) }
func (s notesLater) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }

// ledger is a global schema.
type ledger struct{ tenantdb.Global }

func (ledger) Migrations() fs.FS         { return files(notes1) }
func (s ledger) Origin() tenantdb.Origin { return origin("ledger", s.Migrations()) }

var (
	addNote    = query.Write("AddNote", "notes.sql:1", "INSERT INTO notes (body) VALUES (?1)")
	listNotes  = query.Read("ListNotes", "notes.sql:4", "SELECT body FROM notes ORDER BY id")
	countNotes = query.Read("CountNotes", "notes.sql:7", "SELECT count(*) FROM notes")
	countPages = query.Read("CountPages", "notes.sql:10", "SELECT count(*) FROM pages")
	lastNote   = query.ReadInTx("LastNote", "notes.sql:13", "SELECT last_insert_rowid()")
)

func scanText(row *query.Row, s *string) { *s = row.Text(0) }
func scanInt(row *query.Row, n *int64)   { *n = row.Int(0) }

func add[S any](ctx context.Context, h tenantdb.ReadHandle[S], body string) error {
	return query.Exec(ctx, tenantdb.Bind(h), addNote, query.Text(body))
}

func list[S any](ctx context.Context, h tenantdb.ReadHandle[S]) ([]string, error) {
	return query.Many(ctx, tenantdb.Bind(h), listNotes, scanText)
}

func count[S any](ctx context.Context, h tenantdb.ReadHandle[S], st *query.Statement) (int64, error) {
	return query.One(ctx, tenantdb.Bind(h), st, scanInt)
}

func openStore[S tenantdb.TenantSchema](t *testing.T, dir *tenantdb.Dir) *tenantdb.Store[S] {
	t.Helper()
	store, err := tenantdb.OpenStore[S](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// create makes a tenant and resolves it.
func create[S tenantdb.TenantSchema](t *testing.T, store *tenantdb.Store[S], name string) (context.Context, *tenantdb.TenantDB[S]) {
	t.Helper()
	if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, name)
	db, err := store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, db
}

// without leaves a file out.
func without(fsys fs.FS, name string) fs.FS {
	out := fstest.MapFS{}
	for file, content := range fsys.(fstest.MapFS) {
		if file != name {
			out[file] = content
		}
	}
	return out
}
