package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// patience is how long calls wait for the global database, which other processes write to: nobody is refused
// because who holds it is kept from going on by whatever else the machine does.
const patience = time.Minute

// kit is a folder with all that there may be in it.
type kit struct {
	dir    *tenantdb.Dir
	c      *catalog.Catalog
	global *global.DB
	store  *tenant.Store
}

func newKit(t testing.TB) *kit {
	t.Helper()
	return openKit(t, t.TempDir())
}

func openKit(t testing.TB, folder string) *kit {
	t.Helper()
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder, Wait: patience})
	k, err := kitOf(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// openDir opens a folder that others in the process have open too, which [tenanttest.Dir]
// would take for files left open.
func openDir(t testing.TB, options tenantdb.Options) *tenantdb.Dir {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func kitOf(ctx context.Context, dir *tenantdb.Dir) (*kit, error) {
	c, err1 := catalog.Open(ctx, dir)
	g, err2 := global.Open(ctx, dir)
	store, err3 := tenant.Open(ctx, dir)
	return &kit{dir, c, g, store}, errors.Join(err1, err2, err3)
}

// tenant makes a tenant with a file, and registers it.
func (k *kit) tenant(t testing.TB, name string) (context.Context, catalog.Tenant) {
	t.Helper()
	id := tenanttest.ID(t, name)
	registered, err := k.c.Register(t.Context(), catalog.Registration{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.store.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return tenanttest.Context(t, name), registered
}

// set changes a tenant's state, whatever it was.
func (k *kit) set(t testing.TB, name string, change catalog.Change) catalog.Tenant {
	t.Helper()
	was, err := k.c.Get(t.Context(), tenanttest.ID(t, name))
	if err != nil {
		t.Fatal(err)
	}
	is, err := k.c.SetState(t.Context(), was.ID, was.Generation, change)
	if err != nil {
		t.Fatal(err)
	}
	return is
}

// entries returns what was recorded about a tenant, oldest first, as texts.
func (k *kit) entries(t testing.TB, id tenantdb.ID) (texts []string) {
	t.Helper()
	for e, err := range k.c.Entries(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		texts = append([]string{fmt.Sprintf("%s: %s %s %s: %s", e.Actor, e.Operation, e.Tenant, e.Detail, e.Result)}, texts...)
	}
	return texts
}

// children are what the tests' other processes do, with the folder that is their first argument.
var children = map[string]func(args []string) error{
	"suspend":   inFolder(suspendOnInput),
	"revokeKey": inFolder(revokeOnInput),
	"showKeys":  inFolder(showKeys),
	"raceState": inFolder(raceState),
	"signUp":    inFolder(signUpOn),
}

func TestMain(m *testing.M) { childtest.Main(m, children) }

func inFolder(f func(k *kit, args []string) error) func(args []string) error {
	return func(args []string) error {
		dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: args[0], Wait: patience})
		if err != nil {
			return err
		}
		k, err := kitOf(context.Background(), dir)
		if err == nil {
			err = f(k, args[1:])
		}
		return errors.Join(err, dir.Close())
	}
}
