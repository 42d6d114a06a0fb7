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
// tenant's, of the global database, of anything. What f keeps from one run to the next, in
// a variable or a cache, so meets the other tenant. An error of f fails the test. Tenants
// that are not there are created; give them rows before, and f can look that it does not
// see the other's.
//
// Databases are compared page by page, as SQLite reads them; how their logs happen to be
// written does not count. Nothing else may use the folder meanwhile.
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
		before := k.states()
		if err := f(contexts[i], handles[i]); err != nil {
			k.t.Errorf("tenanttest: as %s: %v", name, err)
		}
		after := k.states()
		for _, path := range changed(before, after) {
			if !owns(name, path) && !slices.Contains(free, path) {
				k.t.Errorf("tenanttest: code that ran as %s changed %s", name, path)
			}
		}
	}
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

// changed returns the files that are not in both with the same state.
func changed(before, after map[string]string) (paths []string) {
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if before[path] != after[path] {
			paths = append(paths, path)
		}
	}
	return paths
}
