package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// TenantPath returns where a data folder has the file of a tenant, its folder made.
func TenantPath(t *testing.T, folder string, l Layout, id ID) string {
	t.Helper()
	layout, err := openLayout(folder, l)
	if err != nil {
		t.Fatal(err)
	}
	path := layout.tenantPath(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// MarkGone does what Delete does before it removes the files, and no more.
func MarkGone[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S]) error {
	return d.tenants.Evict(t.Context(), db.a.tenant, func() error { return d.markGone(t.Context(), *db.a, d.path(*db.a)) })
}

// Synchronous returns what PRAGMA synchronous is on the tenant's writer.
func Synchronous[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S]) (level int64) {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	_, err = held.Value().writer.conn.QueryRow("PRAGMA synchronous", func(row *sqlite.Stmt) { level = row.ColumnInt(0) })
	if err != nil {
		t.Fatal(err)
	}
	return level
}

// TakeDown takes a migration down as another tool would, on a connection of its own.
func TakeDown[S TenantSchema](t *testing.T, db *TenantDB[S], version int, statements ...string) error {
	conn, err := sqlite.Open(t.Context(), db.a.dir.path(*db.a), 0, sqlite.Config{})
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, sql := range append(statements, fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id = %d", version)) {
		if err := conn.Exec(sql); err != nil {
			return err
		}
	}
	return nil
}

// ResolveAgain resolves the tenant of a handle once more.
func ResolveAgain[S TenantSchema](ctx context.Context, db *TenantDB[S]) (*TenantDB[S], error) {
	s := &Store[S]{s: &store{dir: db.a.dir, def: db.a.def}}
	return s.Resolve(ctx)
}

// OpenSnapshots returns how many of a tenant's readers keep a transaction open.
func OpenSnapshots[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S]) (open int) {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	of := held.Value()
	for place := range of.reading {
		if of.readers.TakeIf(place) {
			if of.reading[place].conn.InTransaction() {
				open++
			}
			of.readers.Give(place)
		}
	}
	return open
}

// Route does what each call does before it has a connection, and after it.
func Route[S TenantSchema](ctx context.Context, db *TenantDB[S]) error {
	held, err := db.a.lease(ctx)
	held.Release()
	return err
}

// Readers returns how many readers of a tenant are open.
func Readers[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S]) (open int) {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	readers := &held.Value().reading // not a copy, for they may be being opened
	for place := range readers {
		if readers[place].opened.Load() {
			open++
		}
	}
	return open
}

// EvictIdle closes up to n tenants that nobody uses, and returns how many.
func EvictIdle(d *Dir, n int) int { return d.tenants.EvictIdle(n) }

// StopKeeper has the warm-keeper look when it is told to and never else, so that what it is to have
// done, and not to have done, does not depend on how long a test takes.
func StopKeeper(d *Dir) { d.warm.close() }

// KeeperLooks has the warm-keeper look now: what was not used since it last did is ended.
func KeeperLooks(d *Dir) { d.warm.look() }

// KeeperRests has all tenants rest that nobody uses, as after some seconds.
func KeeperRests(d *Dir) {
	for range restLooks + 1 {
		d.warm.look()
	}
}

// GuestReads is how many reads within a short time need no reader.
const GuestReads = guestReads

// OpenReadersAfter has so many reads need no reader.
func OpenReadersAfter(d *Dir, reads int) { d.guestReads = int32(reads) }

// UsageOf returns what the tenant's writer has of SQLite's memory.
func UsageOf[S TenantSchema](t testing.TB, d *Dir, db *TenantDB[S]) sqlite.Usage {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	return held.Value().writer.conn.Usage()
}

// Checkpoint does what the tenant's writer does after a commit that leaves a long log.
func Checkpoint[S TenantSchema](ctx context.Context, db *TenantDB[S]) error {
	held, err := db.a.lease(ctx)
	if err != nil {
		return err
	}
	open := held.Value()
	if _, err := open.takeWriter(ctx, open.dir.clock(), open.dir.options.Wait); err != nil {
		held.Release()
		return err
	}
	open.endIdle(open.dir.warm.tick.Load() + 1)
	_, _, err = open.writer.conn.Checkpoint()
	_ = open.noteBroken(err)
	<-open.writing
	if open.broken.Load() { // as giveBack does
		held.Discard()
	} else {
		held.Release()
	}
	return err
}

// PathOf returns where the tenant's file is.
func PathOf[S TenantSchema](db *TenantDB[S]) string { return db.a.dir.path(*db.a) }

// CreateByMigrating creates the tenant as it would be without a template.
func CreateByMigrating[S TenantSchema](t *testing.T, st *Store[S], id ID) {
	t.Helper()
	a := address{dir: st.s.dir, def: st.s.def, tenant: id}
	path := a.dir.path(a)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.dir.buildByMigrating(t.Context(), a, path); err != nil {
		t.Fatal(err)
	}
}

// HasTemplate reports whether new tenants of the schema are copies.
func HasTemplate[S TenantSchema](st *Store[S]) bool {
	made := st.s.dir.templates.get(templateKey{st.s.def.name, st.s.def.set.Digest}).made.Load()
	return made != nil && made.bytes != nil
}

// SpoilTemplate changes the template of new tenants in memory.
func SpoilTemplate[S TenantSchema](st *Store[S], spoil func([]byte) []byte) {
	made := st.s.dir.templates.get(templateKey{st.s.def.name, st.s.def.set.Digest}).made.Load()
	made.bytes = spoil(made.bytes)
}

// SpoilPress changes what SQLite has in memory of the template of new tenants.
func SpoilPress[S TenantSchema](st *Store[S], sql string) error {
	made := st.s.dir.templates.get(templateKey{st.s.def.name, st.s.def.set.Digest})
	p := <-made.press
	defer func() { made.press <- p }()
	return p.conn.Exec(sql)
}

// AtOnce returns how many tenants are opened at once.
func AtOnce(*Dir) int { return atOnce() }

// WriterIsFree reports whether nobody has the tenant's writer.
func WriterIsFree[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S]) bool {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	return held.Value().holder.since.Load() == 0
}

// FailToRollBack leaves the tenant's writer as a rollback that failed does: with a
// transaction in which the SQL has run.
func FailToRollBack[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S], sql string) {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	conn := held.Value().writer.conn
	if err := errors.Join(conn.BeginWrite(), conn.Exec(sql)); err != nil {
		t.Fatal(err)
	}
}

// Reopen has the global file closed, and opened again by the next call.
func Reopen[S GlobalSchema](t *testing.T, db *GlobalDB[S]) {
	t.Helper()
	held, err := db.a.dir.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	held.Discard()
}

// TurnedOut reports whether a query that reads on the writer's connection is to end.
func TurnedOut[S TenantSchema](t *testing.T, d *Dir, db *TenantDB[S]) bool {
	t.Helper()
	held, err := d.acquire(t.Context(), *db.a)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	return held.Value().guest.conn.Expelled() != nil
}

// MostPresences is how many tenants, and how many names of none, are remembered.
const MostPresences = mostPresences

// Looks returns how often the disk was asked by Admit.
func Looks(d *Dir) int64 {
	d.present.mu.Lock()
	defer d.present.mu.Unlock()
	return d.present.looks
}

// Remembered returns how many names without a tenant are remembered.
func Remembered(d *Dir) int {
	d.present.mu.Lock()
	defer d.present.mu.Unlock()
	return len(d.present.missing)
}

// IsCatalog reports whether the runtime takes a schema for that of Silo's own tables.
func IsCatalog(s Schema) (bool, error) {
	def, err := define(s, "global")
	return err == nil && def.catalog, err
}
