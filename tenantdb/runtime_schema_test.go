package tenantdb_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestARuntimeSchemaOpensTheFilesOfGeneratedCode(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme := kit.Tenant("acme")
	store, err := tenantdb.OpenRuntimeStore(t.Context(), kit.Dir, "tenant", schema.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	if db, err := store.Resolve(acme.Context); err != nil || db.Tenant() != acme.ID {
		t.Errorf("resolve: %v", err)
	}
	if err := store.Create(t.Context(), tenanttest.ID(t, "globex")); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.Resolve(tenanttest.Context(t, "globex")); err != nil {
		t.Errorf("the generated code resolves what a runtime schema has made: %v", err)
	}
}

func TestARuntimeSchemaDoesNotOpenFilesOfAnother(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme := kit.Tenant("acme")
	other := fstest.MapFS{"001_other.sql": {Data: []byte("-- +goose Up\nCREATE TABLE other (id INTEGER PRIMARY KEY);\n")}}
	for _, test := range []struct {
		name, schema string
		migrations   fs.FS
		want         error
	}{
		{"another name", "invoices", schema.Tenant, tenantdb.ErrWrongSchema},
		{"the name, with other migrations", "tenant", other, tenantdb.ErrSchemaDiverged},
	} {
		t.Run(test.name, func(t *testing.T) {
			store, err := tenantdb.OpenRuntimeStore(t.Context(), kit.Dir, test.schema, test.migrations)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Resolve(acme.Context); !errors.Is(err, test.want) {
				t.Errorf("resolve: %v, want %v", err, test.want)
			}
		})
	}
}

func TestARuntimeSchemaIsRefusedWithoutNameOrMigrations(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	ctx := context.Background()
	for _, test := range []struct {
		name string
		open func() (*tenantdb.Store[tenantdb.RuntimeSchema], error)
		want error
	}{
		{"by OpenStore", func() (*tenantdb.Store[tenantdb.RuntimeSchema], error) {
			return tenantdb.OpenStore[tenantdb.RuntimeSchema](ctx, dir)
		}, tenantdb.ErrInvalidMigrations},
		{"no name", func() (*tenantdb.Store[tenantdb.RuntimeSchema], error) {
			return tenantdb.OpenRuntimeStore(ctx, dir, "", schema.Tenant)
		}, tenantdb.ErrInvalidMigrations},
		{"no file system", func() (*tenantdb.Store[tenantdb.RuntimeSchema], error) {
			return tenantdb.OpenRuntimeStore(ctx, dir, "tenant", nil)
		}, tenantdb.ErrInvalidMigrations},
		{"no migrations", func() (*tenantdb.Store[tenantdb.RuntimeSchema], error) {
			return tenantdb.OpenRuntimeStore(ctx, dir, "tenant", fstest.MapFS{})
		}, tenantdb.ErrInvalidMigrations},
		{"no Dir", func() (*tenantdb.Store[tenantdb.RuntimeSchema], error) {
			return tenantdb.OpenRuntimeStore(ctx, nil, "tenant", schema.Tenant)
		}, tenantdb.ErrNoHandle},
	} {
		t.Run(test.name, func(t *testing.T) {
			if store, err := test.open(); store != nil || !errors.Is(err, test.want) {
				t.Errorf("%v, %v, want %v", store, err, test.want)
			}
		})
	}
}

func TestALayoutIsTakenAsRecorded(t *testing.T) {
	for _, layout := range []tenantdb.Layout{tenantdb.Flat, tenantdb.Sharded, tenantdb.AsRecorded} {
		folder := t.TempDir()
		t.Run("create", func(t *testing.T) {
			create(t, openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder, Layout: layout})), "acme")
		})
		t.Run("resolve", func(t *testing.T) {
			store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder, Layout: tenantdb.AsRecorded}))
			if _, err := store.Resolve(tenanttest.Context(t, "acme")); err != nil {
				t.Errorf("layout %d: %v", layout, err)
			}
		})
	}
}
