package tenantcli_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/registry"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenantcli"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// folder is a data folder in the making, with its tenant acme.
type folder struct {
	ctx   context.Context
	acme  tenantdb.ID
	dir   *tenantdb.Dir
	store *tenant.Store
	cat   *catalog.Catalog
	m     *lifecycle.Manager[tenant.Schema]
}

func (f folder) create() error {
	_, err := f.m.Create(f.ctx, lifecycle.Creation[tenant.Schema]{ID: f.acme})
	return err
}

func (f folder) remove() error {
	_, err := f.m.Delete(f.ctx, f.acme, "")
	return err
}

// become gives acme a state.
func (f folder) become(change catalog.Change) func() error {
	return func() error {
		is, err := f.cat.Get(f.ctx, f.acme)
		if err == nil {
			_, err = f.cat.SetState(f.ctx, f.acme, is.Generation, change)
		}
		return err
	}
}

func (f folder) protect() error { return f.cat.Protect(f.ctx, f.acme) }

// without removes files of the folder, which nobody has open.
func (f folder) without(pattern string) func() error {
	return func() error {
		found, err := filepath.Glob(filepath.Join(f.dir.Path(), pattern))
		if err == nil && len(found) == 0 {
			err = errors.New("there is no " + pattern)
		}
		for _, path := range found {
			err = errors.Join(err, os.Remove(path))
		}
		return err
	}
}

// conditions are what acme may be in.
var conditions = map[string]func(f folder) []func() error{
	"unknown": func(folder) []func() error { return nil },
	"unregistered": func(f folder) []func() error {
		return []func() error{func() error { return f.store.Create(f.ctx, f.acme) }}
	},
	"active":           func(f folder) []func() error { return []func() error{f.create} },
	"without its file": func(f folder) []func() error { return []func() error{f.create, f.without("tenants/acme.db")} },
	"protected":        func(f folder) []func() error { return []func() error{f.create, f.protect} },
	"suspended": func(f folder) []func() error {
		return []func() error{f.create, f.become(catalog.Change{State: catalog.Suspended})}
	},
	"quarantined": func(f folder) []func() error {
		return []func() error{f.create, f.become(catalog.Change{State: catalog.Quarantined})}
	},
	"deleted":            func(f folder) []func() error { return []func() error{f.create, f.remove} },
	"deleted, protected": func(f folder) []func() error { return []func() error{f.create, f.remove, f.protect} },
	"deleted, its file lost": func(f folder) []func() error {
		return []func() error{f.create, f.remove, f.without("deleted/acme.*")}
	},
	"half created": func(f folder) []func() error {
		return []func() error{func() error {
			_, err := f.cat.Register(f.ctx, catalog.Registration{ID: f.acme, State: catalog.Creating})
			return err
		}}
	},
	"half created, with an alias": func(f folder) []func() error {
		return []func() error{func() error {
			_, err := f.cat.Register(f.ctx, catalog.Registration{ID: f.acme, State: catalog.Creating})
			return errors.Join(err, f.cat.AddAlias(f.ctx, f.acme, "domain", "acme.example"))
		}}
	},
	"half deleted": func(f folder) []func() error {
		return []func() error{f.create, f.become(catalog.Change{State: catalog.Deleting, Reason: "it is being erased"})}
	},
	"half erased": func(f folder) []func() error {
		erasing := catalog.Change{State: catalog.Deleting}.Within(registry.Give(), catalog.Erasing)
		return []func() error{f.create, f.become(erasing)}
	},
	"half restored": func(f folder) []func() error {
		restoring := catalog.Change{State: catalog.Suspended}.Within(registry.Give(), catalog.Restoring)
		return []func() error{f.create, f.become(restoring)}
	},
}

// tried are the commands about a tenant that is there, or is to be.
var tried = []string{
	"tenants create acme", "tenants create other --alias domain=taken.example", "tenants create other --alias domain=acme.example", "tenants alias add acme domain=taken.example",
	"tenants alias add acme domain=taken.example --move-from other", "tenants alias add acme domain=taken.example --move-from globex", "tenants suspend acme --read-only --reason why", "tenants resume acme", "tenants protect acme", "tenants unprotect acme",
	"tenants delete acme --yes", "tenants delete acme --confirm=globex", "tenants undelete acme",
	"tenants purge acme --confirm=acme", "tenants purge acme --confirm=globex", "tenants erase acme --confirm=acme", "tenants erase acme --confirm=globex",
	"tenants export acme OUT/acme.tar", "tenants clone acme other", "tenants alias add acme domain=acme.example", "tenants keys create acme",
	"backup acme", "restore acme --yes",
}

func TestADryRunRefusesWhatTheCommandWouldRefuse(t *testing.T) {
	for name, steps := range conditions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := makeFolder(t, steps)
			for _, command := range tried {
				args := append(strings.Fields(strings.ReplaceAll(command, "OUT", t.TempDir())), "--no-input", "--data")
				untouched, touched := copyOf(t, data), copyOf(t, data)
				rehearsed, rehearsal := run(t, append(args, untouched, "--dry-run")...)
				done, refusal := run(t, append(args, touched)...)
				rehearsal, refusal = reasons(rehearsal), reasons(refusal)
				switch {
				case rehearsed != done:
					t.Errorf("%s: it ends with %d, its dry run with %d:\n%s\n%s", command, done, rehearsed, refusal, rehearsal)
				case done != 0 && rehearsal != refusal:
					t.Errorf("%s: it is refused by %s, its dry run by %s", command, refusal, rehearsal)
				}
			}
		})
	}
}

// makeFolder makes a data folder in which acme is in a condition, and nobody has anything open.
func makeFolder(t *testing.T, steps func(f folder) []func() error) string {
	t.Helper()
	data, ctx := t.TempDir(), t.Context()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: data})
	if err != nil {
		t.Fatal(err)
	}
	f := folder{ctx: ctx, acme: tenanttest.ID(t, "acme"), dir: dir}
	if f.store, err = tenant.Open(ctx, dir); err == nil {
		f.cat, err = catalog.Open(ctx, dir)
	}
	if err == nil {
		f.m, err = lifecycle.New(f.store, f.cat, lifecycle.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	globex := lifecycle.Creation[tenant.Schema]{ID: tenanttest.ID(t, "globex"), Aliases: []lifecycle.Alias{{Kind: "domain", Value: "taken.example"}}}
	if _, err := f.m.Create(ctx, globex); err != nil {
		t.Fatal(err)
	}
	for _, step := range steps(f) {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func copyOf(t *testing.T, data string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{to, filepath.Join(to, "tenants"), filepath.Join(to, "deleted")} {
		if err := os.Chmod(folder, 0o700); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return to
}

// asides are what a refusal says besides its reason: which step has found it, and in which file.
var asides = regexp.MustCompile(`(?m)^app: [a-z ]+(: [a-z ]+)?: tenant|^  file: .*\n`)

func reasons(said string) string { return asides.ReplaceAllString(said, "") }

// run runs a command, and returns its exit code and what it says to people.
func run(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	code, _, said = runWith(t, args...)
	return code, said
}

// runWith is run that returns what is printed too.
func runWith(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var printed, told bytes.Buffer
	root := app()
	root.SetArgs(args)
	root.SetOut(&printed)
	root.SetErr(&told)
	root.SetIn(strings.NewReader(""))
	code = tenantcli.Execute(t.Context(), root)
	return code, printed.String(), told.String()
}
