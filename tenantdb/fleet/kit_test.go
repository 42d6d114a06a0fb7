package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// brand is that of the stores here: their migrations are given while the test runs.
type (
	brand = tenantdb.RuntimeSchema
	store = tenantdb.Store[brand]
	db    = tenantdb.TenantDB[brand]
)

// migrations are a history of small ones. The fourth fails for a tenant with two notes of one
// text.
var migrations = []string{
	"-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);\n-- +goose Down\nDROP TABLE notes;\n",
	"-- +goose Up\nALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;\n-- +goose Down\nALTER TABLE notes DROP COLUMN pinned;\n",
	"-- +goose Up\nCREATE TABLE tags (name TEXT PRIMARY KEY, note INTEGER REFERENCES notes (id));\n-- +goose Down\nDROP TABLE tags;\n",
	"-- +goose Up\nCREATE UNIQUE INDEX notes_body ON notes (body);\n-- +goose Down\nDROP INDEX notes_body;\n",
	"-- +goose Up\nUPDATE notes SET pinned = 1 WHERE body = 'first';\n",
}

// schemaOf returns the first so many migrations.
func schemaOf(n int) fs.FS {
	files := fstest.MapFS{}
	for i, text := range migrations[:n] {
		files[fmt.Sprintf("%05d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// compatible is schemaOf with migrations that programs of the first one can live with.
func compatible(n int) fs.FS {
	files := schemaOf(n).(fstest.MapFS)
	for _, file := range files {
		file.Data = append([]byte("-- silo: compatible-with 1\n"), file.Data...)
	}
	return files
}

// patience is how long calls wait for a writer where other processes write too: nobody is refused because who
// holds it is kept from going on by whatever else the machine does.
const patience = time.Minute

// world is a data folder seen with so many migrations.
type world struct {
	dir   *tenantdb.Dir
	store *store
	cat   *catalog.Catalog
}

func enter(ctx context.Context, dir *tenantdb.Dir, migrations int) (w world, err error) {
	return enterBy(ctx, dir, schemaOf(migrations))
}

func enterBy(ctx context.Context, dir *tenantdb.Dir, migrations fs.FS) (w world, err error) {
	w.dir = dir
	if w.store, err = tenantdb.OpenRuntimeStore(ctx, dir, "notes", migrations); err != nil {
		return w, err
	}
	w.cat, err = catalog.Open(ctx, dir)
	return w, err
}

func worldIn(t testing.TB, options tenantdb.Options, migrations int) world {
	t.Helper()
	w, err := enter(t.Context(), tenanttest.Dir(t, options), migrations)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// prepare makes a folder with so many tenants, t-000 and so on, which have one note each, by
// so many migrations, and closes it.
func prepare(t testing.TB, tenants, migrations int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	w, err := enter(t.Context(), dir, migrations)
	for i := 0; err == nil && i < tenants; i++ {
		err = w.make(t.Context(), name(i), fmt.Sprint("note of ", name(i)))
	}
	if err := errors.Join(err, dir.Close()); err != nil {
		t.Fatal(err)
	}
	return folder
}

func name(i int) string { return fmt.Sprintf("t-%03d", i) }

func mustID(name string) tenantdb.ID {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		panic(err)
	}
	return id
}

func ids(names ...string) (list []tenantdb.ID) {
	for _, n := range names {
		list = append(list, mustID(n))
	}
	return list
}

// make makes and registers a tenant with notes.
func (w world) make(ctx context.Context, name string, notes ...string) error {
	id := mustID(name)
	if err := w.store.Create(ctx, id); err != nil {
		return err
	}
	if _, err := w.cat.Register(ctx, catalog.Registration{ID: id, Labels: map[string]string{"last": name[len(name)-1:]}}); err != nil {
		return err
	}
	for _, note := range notes {
		if err := w.add(ctx, id, note); err != nil {
			return err
		}
	}
	return nil
}

var addNote = query.Write("AddNote", "kit_test.go", "INSERT INTO notes (body) VALUES (?)")

// add writes a note of a tenant.
func (w world) add(ctx context.Context, id tenantdb.ID, note string) error {
	ctx, err := tenantdb.WithTenant(ctx, id)
	if err != nil {
		return err
	}
	handle, err := w.store.Resolve(ctx)
	if err != nil {
		return err
	}
	return addTo(ctx, handle, note)
}

func addTo(ctx context.Context, handle *db, note string) error {
	return query.Exec(ctx, tenantdb.Bind(handle), addNote, query.Text(note))
}

var readNote = query.Read("ReadNote", "kit_test.go", "SELECT body FROM notes ORDER BY id")

// first returns a tenant's first note.
func first(ctx context.Context, handle *db) (string, error) {
	return query.One(ctx, tenantdb.Bind(handle), readNote, func(r *query.Row, body *string) { *body = r.Text(0) })
}

// version returns the number of the last migration that has run on a tenant's file.
func (w world) version(t testing.TB, name string) int64 {
	t.Helper()
	now, err := w.store.Standing(t.Context(), mustID(name))
	if err != nil {
		t.Fatal(err)
	}
	return now.Version
}

func (w world) file(name string) string { return filepath.Join(w.dir.Path(), "tenants", name+".db") }

// rows runs a Query and returns its rows as text, and the errors of single tenants.
func (w world) rows(ctx context.Context, o fleet.Options, sql string, args ...any) (rows []string, of map[string]error, err error) {
	of = map[string]error{}
	for row, err := range fleet.Query(ctx, w.store, o, sql, args...) {
		switch {
		case err != nil && row.Tenant.IsZero():
			return rows, of, err
		case err != nil:
			of[row.Tenant.String()] = err
		default:
			rows = append(rows, fmt.Sprint(row.Tenant, " ", row.Values))
		}
	}
	return rows, of, nil
}

func wantErr(t testing.TB, err error, want ...error) {
	t.Helper()
	for _, w := range want {
		if !errors.Is(err, w) {
			t.Errorf("got %v, want %v", err, w)
		}
	}
}

// execute runs a statement on a tenant.
func execute(ctx context.Context, handle *db, sql string) error {
	return query.Exec(ctx, tenantdb.Bind(handle), query.Write("Exec", "kit_test.go", sql))
}

// holdWriter has an older release write to a tenant, from when held is closed until release is called.
func holdWriter(t testing.TB, folder, who string) (held <-chan struct{}, release func()) {
	t.Helper()
	return holdWriterOf(t, folder, who, 1)
}

// holdWriterOf is holdWriter of the release with so many migrations.
func holdWriterOf(t testing.TB, folder, who string, migrations int) (held <-chan struct{}, release func()) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	older, err := enter(t.Context(), dir, migrations)
	if err != nil {
		t.Fatal(errors.Join(err, dir.Close()))
	}
	begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- older.store.Visit(context.Background(), mustID(who), func(ctx context.Context, handle *db) error {
			return handle.Write(ctx, func(context.Context, *tenantdb.Tx[brand]) error {
				close(begun)
				<-end
				return nil
			})
		})
	}()
	return begun, func() {
		close(end)
		if err := errors.Join(<-ended, dir.Close()); err != nil {
			t.Error(err)
		}
	}
}

func glob(t testing.TB, folder, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
