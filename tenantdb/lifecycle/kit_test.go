package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

type (
	creation = lifecycle.Creation[tenant.Schema]
	manager  = lifecycle.Manager[tenant.Schema]
)

// world is a data folder with all that operates on it.
type world struct {
	dir    *tenantdb.Dir
	store  *tenant.Store
	global *global.DB
	cat    *catalog.Catalog
	m      *manager
}

// enter opens a folder's world on an open Dir.
func enter(ctx context.Context, dir *tenantdb.Dir, o lifecycle.Options) (w world, err error) {
	w.dir = dir
	if w.global, err = global.Open(ctx, dir); err != nil {
		return w, err
	}
	if w.store, err = tenant.Open(ctx, dir); err != nil {
		return w, err
	}
	if w.cat, err = catalog.Open(ctx, dir); err != nil {
		return w, err
	}
	w.m, err = lifecycle.New(w.store, w.cat, o)
	return w, err
}

func newWorld(t testing.TB, o lifecycle.Options) world {
	t.Helper()
	return worldIn(t, t.TempDir(), o)
}

// patience is how long calls wait for a writer: nobody is refused because who holds it, perhaps
// another process, is kept from going on by whatever else the machine does.
const patience = time.Minute

func worldIn(t testing.TB, folder string, o lifecycle.Options) world {
	t.Helper()
	w, err := enter(t.Context(), tenanttest.Dir(t, tenantdb.Options{Path: folder, Wait: patience}), o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// create makes a tenant with one setting, "made" with the value given.
func (w world) create(t testing.TB, name, value string) tenantdb.ID {
	t.Helper()
	id := tenanttest.ID(t, name)
	if _, err := w.m.Create(t.Context(), creation{ID: id, Seed: seed(value)}); err != nil {
		t.Fatal(err)
	}
	return id
}

func seed(value string) func(context.Context, *tenant.DB) error {
	return func(ctx context.Context, db *tenant.DB) error { return set(ctx, db, "made", value) }
}

func set(ctx context.Context, db *tenant.DB, key, value string) error {
	return tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: key, Value: value})
}

// put writes a setting of a tenant.
func (w world) put(id tenantdb.ID, key, value string) error {
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		return err
	}
	db, err := w.store.Resolve(ctx)
	if err != nil {
		return err
	}
	return set(ctx, db, key, value)
}

// get returns a setting of a tenant.
func (w world) get(id tenantdb.ID, key string) (string, error) {
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		return "", err
	}
	db, err := w.store.Resolve(ctx)
	if err != nil {
		return "", err
	}
	c, err := tenant.New(db).GetConfig(ctx, key)
	return c.Value, err
}

func (w world) wantValue(t testing.TB, id tenantdb.ID, key, want string) {
	t.Helper()
	if got, err := w.get(id, key); got != want || err != nil {
		t.Errorf("%v has %s = %q, %v; want %q", id, key, got, err, want)
	}
}

func (w world) wantState(t testing.TB, id tenantdb.ID, want catalog.State) {
	t.Helper()
	if got, err := w.cat.Get(t.Context(), id); got.State != want || err != nil {
		t.Errorf("%v is %q, %v; want %q", id, got.State, err, want)
	}
}

func wantErr(t testing.TB, err error, want ...error) {
	t.Helper()
	for _, w := range want {
		if !errors.Is(err, w) {
			t.Errorf("got %v, want %v", err, w)
		}
	}
}

// findings runs Doctor.
func (w world) findings(ctx context.Context, o lifecycle.DoctorOptions) (list []lifecycle.Finding, err error) {
	for f, err := range w.m.Doctor(ctx, o) {
		if err != nil {
			return list, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (w world) wantHealthy(t testing.TB) {
	t.Helper()
	list, err := w.findings(t.Context(), lifecycle.DoctorOptions{Depth: lifecycle.DepthContent})
	if err != nil || len(list) > 0 {
		t.Errorf("Doctor finds %+v, %v", list, err)
	}
	if err := w.leftBehind(); err != nil {
		t.Error(err)
	}
}

// leftBehind fails if there is what an operation has while it is under way. The file of which locks are
// bytes stays.
func (w world) leftBehind() (err error) {
	for _, name := range []string{"work/*.*", "work/*/*", "locks/*.lock", "locks/keys/*"} {
		left, globErr := filepath.Glob(filepath.Join(w.dir.Path(), name))
		left = slices.DeleteFunc(left, func(path string) bool { return filepath.Base(path) == "_all.lock" })
		if err = errors.Join(err, globErr); len(left) > 0 {
			err = errors.Join(err, fmt.Errorf("left behind is %v", left))
		}
	}
	return err
}

// clock is one that tests set.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// results returns the audit's entries of a tenant, oldest first, as "operation result".
func (w world) results(t testing.TB, id tenantdb.ID, op lifecycle.Operation) (list []string) {
	t.Helper()
	for e, err := range w.cat.Entries(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Operation == string(op) {
			list = append([]string{fmt.Sprint(e.Result, " ", e.Actor)}, list...)
		}
	}
	return list
}

// keeping are the rules that keep a number of each tenant's backups.
func keeping(last int) []lifecycle.BackupRule {
	return []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: last}}}
}
