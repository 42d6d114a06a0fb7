package tenanttest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb"
)

// Isolated runs f as the tenant named as, then again as the one named other, and fails the
// test if f changed a byte of any file in the folder but the tenant's own: of another
// tenant's, of the global database, of anything. To write to another database and to undo
// that is to change it. What f keeps from one run to the next, in
// a variable or a cache, so meets the other tenant. An error of f fails the test. Tenants
// that are not there are created; give them rows before, and f can look that it does not
// see the other's.
//
// Databases are compared page by page, as SQLite reads them; how their logs happen to be
// written does not count. Nothing else may use the folder meanwhile. All databases but the
// tenant's own are open while f runs, so that f cannot delete or restore another tenant.
func (k *Kit[S]) Isolated(as, other string, f func(ctx context.Context, db *tenantdb.TenantDB[S]) error) {
	k.t.Helper()
	k.isolated(as, other, f, nil)
}

// IsolatedBesideGlobal is [Kit.Isolated] for code that writes to the global database too:
// that may change.
func (k *Kit[S]) IsolatedBesideGlobal(as, other string, f func(ctx context.Context, db *tenantdb.TenantDB[S]) error) {
	k.t.Helper()
	k.isolated(as, other, f, []string{"global.db"})
}

func (k *Kit[S]) isolated(as, other string, f func(ctx context.Context, db *tenantdb.TenantDB[S]) error, free []string) {
	k.t.Helper()
	if as == other {
		k.t.Fatalf("tenanttest: Isolated needs two tenants, and has %s twice", as)
	}
	names := [...]string{as, other}
	var contexts [len(names)]context.Context
	var handles [len(names)]*tenantdb.TenantDB[S]
	for i, name := range names {
		if err := k.Store.Create(k.t.Context(), ID(k.t, name)); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			k.t.Fatal(err)
		}
		contexts[i] = Context(k.t, name)
		var err error
		if handles[i], err = k.Store.Resolve(contexts[i]); err != nil {
			k.t.Fatal(err)
		}
	}
	for i, name := range names {
		mayChange := func(path string) bool { return owns(name, path) || slices.Contains(free, path) }
		for _, path := range k.changedBy(func() {
			if err := f(contexts[i], handles[i]); err != nil {
				k.t.Errorf("tenanttest: as %s: %v", name, err)
			}
		}, mayChange) {
			k.t.Errorf("tenanttest: code that ran as %s changed %s", name, path)
		}
	}
}

// changedBy runs f, and returns the files that it has changed, or written to and changed back, but for those
// that it may change: these nobody else has open meanwhile.
func (k *Kit[S]) changedBy(f func(), mayChange func(path string) bool) (paths []string) {
	k.t.Helper()
	before := k.states()
	var databases []string
	for path := range before {
		if isDatabase(path) && !mayChange(path) {
			databases = append(databases, path)
		}
	}
	written, err := watchCommits(k.t.Context(), k.Dir.Path(), databases)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { // also when f has ended the test
		if err := written.close(); err != nil {
			k.t.Errorf("tenanttest: %v", err)
		}
	}()
	f()
	after := k.states()
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		wrote, err := written.has(path)
		if err != nil {
			k.t.Errorf("tenanttest: %s: %v", path, err)
		}
		if !mayChange(path) && (wrote || before[path] != after[path]) {
			paths = append(paths, path)
		}
	}
	return paths
}

// owns reports whether the file is the database of the tenant of that name, in whichever
// folder of tenants the layout has it.
func owns(name, path string) bool {
	return strings.HasPrefix(path, "tenants/") && strings.HasSuffix(path, "/"+name+".db")
}

func (k *Kit[S]) states() map[string]string {
	k.t.Helper()
	states, err := states(k.t.Context(), k.Dir.Path())
	if err != nil {
		k.t.Fatal(err)
	}
	return states
}
