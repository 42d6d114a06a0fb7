package catalog_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// A process that forgets to open the catalog serves who is suspended, and every call succeeds: the log
// is where it is told.
func TestACatalogThatIsThereAndNotAskedIsToldOfOnce(t *testing.T) {
	for _, tt := range []struct {
		name  string
		opens func(ctx context.Context, dir *tenantdb.Dir) error // what the process opens besides its tenants
		other func(ctx context.Context, dir *tenantdb.Dir) error // what another one does to the folder, meanwhile
		want  int
	}{
		{name: "without a global database"},
		{name: "without a catalog", opens: openGlobal},
		{name: "with one that is opened", opens: openCatalog, other: openCatalog},
		{name: "with one that another process makes", other: openCatalog, want: 1},
		{name: "with one that another process makes beside the application's tables", opens: openGlobal, other: openCatalog, want: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder, log := t.TempDir(), new(bytes.Buffer)
				dir := tenanttest.Dir(t, tenantdb.Options{Path: folder, Logger: slog.New(slog.NewTextHandler(log, nil))})
				store, err := tenant.Open(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				id := tenanttest.ID(t, "acme")
				if err := store.Create(t.Context(), id); err != nil {
					t.Fatal(err)
				}
				if tt.opens != nil {
					if err := tt.opens(t.Context(), dir); err != nil {
						t.Fatal(err)
					}
				}
				use(t, store, id)
				if tt.other != nil {
					other, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
					if err != nil {
						t.Fatal(err)
					}
					if err := errors.Join(tt.other(t.Context(), other), other.Close()); err != nil {
						t.Fatal(err)
					}
				}
				for range 3 {
					time.Sleep(time.Minute) // of the bubble's clock
					use(t, store, id)
				}
				if err := dir.Close(); err != nil { // joins who writes the log
					t.Fatal(err)
				}
				if n := strings.Count(log.String(), "call catalog.Open"); n != tt.want || strings.Count(log.String(), "\n") != tt.want {
					t.Errorf("told %d times, want %d: %s", n, tt.want, log)
				}
			})
		})
	}
}

// use reads of a tenant, and gives the keeper time to look.
func use(t *testing.T, store *tenant.Store, id tenantdb.ID) {
	t.Helper()
	ctx, err := tenantdb.WithTenant(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Resolve(ctx)
	if err == nil {
		_, err = tenant.New(db).ListConfig(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // of the bubble's clock
	synctest.Wait()
}
