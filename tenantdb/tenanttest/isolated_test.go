package tenanttest_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// setConfig writes another value each time: SQLite writes nothing for a row that stays the same, as it
// would within a millisecond.
func setConfig(ctx context.Context, db *tenant.DB) error {
	return tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "k", Value: rand.Text()})
}

func TestCodeThatChangesItsTenantAloneIsIsolated(t *testing.T) {
	for name, options := range map[string]tenantdb.Options{"flat": {}, "sharded": {Layout: tenantdb.Sharded}} {
		t.Run(name, func(t *testing.T) {
			kit, _ := tenanttest.NewFailing(t, options, tenant.Open)
			var ran []string
			kit.Isolated("acme", "globex", func(ctx context.Context, db *tenant.DB) error {
				id, _ := tenantdb.TenantFrom(ctx)
				ran = append(ran, id.String())
				return setConfig(ctx, db)
			})
			if !slices.Equal(ran, []string{"acme", "globex"}) {
				t.Errorf("it ran as %q", ran)
			}
		})
	}
}

func TestCodeThatReachesAnyOtherFileIsNot(t *testing.T) {
	tests := []struct {
		name string
		code func(kit *tenanttest.Kit[tenant.Schema], gdb *global.DB) func(context.Context, *tenant.DB) error
		want []string // in the errors, one of each
	}{
		{"another tenant's rows", func(kit *tenanttest.Kit[tenant.Schema], _ *global.DB) func(context.Context, *tenant.DB) error {
			initech := kit.Tenant("initech")
			return func(context.Context, *tenant.DB) error { return setConfig(initech.Context, initech.DB) }
		}, []string{"ran as acme changed tenants/initech.db", "ran as globex changed tenants/initech.db"}},
		{"another tenant's rows, put back as they were", func(kit *tenanttest.Kit[tenant.Schema], _ *global.DB) func(context.Context, *tenant.DB) error {
			initech := kit.Tenant("initech")
			set := func(value string) error {
				return tenant.New(initech.DB).SetConfig(initech.Context, tenant.SetConfigParams{Key: "k", Value: value})
			}
			before := set("v")
			return func(context.Context, *tenant.DB) error { return errors.Join(before, set("w"), set("v")) }
		}, []string{"ran as acme changed tenants/initech.db", "ran as globex changed tenants/initech.db"}},
		{"a handle that is kept", func(*tenanttest.Kit[tenant.Schema], *global.DB) func(context.Context, *tenant.DB) error {
			var kept *tenant.DB
			return func(ctx context.Context, db *tenant.DB) error {
				if kept == nil {
					kept = db
				}
				return setConfig(ctx, kept)
			}
		}, []string{"as globex: "}},
		{"a handle and a context that are kept", func(*tenanttest.Kit[tenant.Schema], *global.DB) func(context.Context, *tenant.DB) error {
			var kept func() error
			n := int64(0)
			return func(ctx context.Context, db *tenant.DB) error {
				if kept == nil {
					kept = func() error {
						n++
						return tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "k", Value: strings.Repeat("v", int(n))})
					}
				}
				return kept()
			}
		}, []string{"ran as globex changed tenants/acme.db"}},
		{"the global database", func(_ *tenanttest.Kit[tenant.Schema], gdb *global.DB) func(context.Context, *tenant.DB) error {
			n := 0
			return func(ctx context.Context, _ *tenant.DB) error {
				n++
				_, err := global.New(gdb).CreateUser(ctx, global.CreateUserParams{ID: strings.Repeat("u", n), Email: strings.Repeat("u", n) + "@example.com"})
				return err
			}
		}, []string{"ran as acme changed global.db", "ran as globex changed global.db"}},
		{"a new file", func(kit *tenanttest.Kit[tenant.Schema], _ *global.DB) func(context.Context, *tenant.DB) error {
			return func(context.Context, *tenant.DB) error {
				return os.WriteFile(filepath.Join(kit.Dir.Path(), "tenants", "note.txt"), []byte("note"), 0o600)
			}
		}, []string{"ran as acme changed tenants/note.txt"}},
		{"the log of a database that is not there", func(kit *tenanttest.Kit[tenant.Schema], _ *global.DB) func(context.Context, *tenant.DB) error {
			return func(context.Context, *tenant.DB) error {
				return os.WriteFile(filepath.Join(kit.Dir.Path(), "tenants", "gone.db-wal"), []byte("log"), 0o600)
			}
		}, []string{"ran as acme changed tenants/gone.db-wal"}},
		{"where a link leads", func(kit *tenanttest.Kit[tenant.Schema], _ *global.DB) func(context.Context, *tenant.DB) error {
			link := filepath.Join(kit.Dir.Path(), "link")
			return func(ctx context.Context, _ *tenant.DB) error {
				id, _ := tenantdb.TenantFrom(ctx)
				if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
					return err
				}
				return os.Symlink(id.String(), link)
			}
		}, []string{"ran as acme changed link", "ran as globex changed link"}},
		{"a failure", func(*tenanttest.Kit[tenant.Schema], *global.DB) func(context.Context, *tenant.DB) error {
			return func(context.Context, *tenant.DB) error { return context.Canceled }
		}, []string{"as acme: context canceled", "as globex: context canceled"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRecorder(t)
			kit := tenanttest.New(r, tenant.Open)
			gdb, err := global.Open(t.Context(), kit.Dir)
			if err != nil {
				t.Fatal(err)
			}
			kit.Isolated("acme", "globex", test.code(kit, gdb))
			if len(r.errors) != len(test.want) {
				t.Errorf("it was failed with %q, want %q", r.errors, test.want)
			}
			for i := range min(len(r.errors), len(test.want)) {
				if !strings.Contains(r.errors[i], test.want[i]) {
					t.Errorf("it was failed with %q, want %q", r.errors[i], test.want[i])
				}
			}
			r.errors = nil
			if r.end(); len(r.errors) > 0 {
				t.Errorf("at its end it was failed with %q", r.errors)
			}
		})
	}
}

func TestTheGlobalDatabaseMayChangeBesideATenantIfSaid(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	gdb, err := global.Open(t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	kit.IsolatedBesideGlobal("acme", "globex", func(ctx context.Context, db *tenant.DB) error {
		id, _ := tenantdb.TenantFrom(ctx)
		_, err := global.New(gdb).CreateUser(ctx, global.CreateUserParams{ID: id.String(), Email: id.String() + "@example.com"})
		return errors.Join(err, setConfig(ctx, db))
	})
}
