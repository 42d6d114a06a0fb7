package tenantdb_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestCreatesAndDeletesOfTwoDirsOnOneFolderAddUp(t *testing.T) {
	folder := t.TempDir()
	acme := tenanttest.ID(t, "acme")
	var created, deleted atomic.Int64
	var wg sync.WaitGroup
	for range 3 {
		store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
		for range 2 {
			wg.Go(func() {
				for range 30 {
					switch err := store.Create(t.Context(), acme); {
					case err == nil:
						created.Add(1)
					case !errors.Is(err, tenantdb.ErrTenantExists):
						t.Errorf("Create: %v", err)
					}
					switch err := store.Delete(t.Context(), acme); {
					case err == nil:
						deleted.Add(1)
					case !errors.Is(err, tenantdb.ErrUnknownTenant) && !errors.Is(err, tenantdb.ErrTenantOpenElsewhere):
						t.Errorf("Delete: %v", err)
					}
				}
			})
		}
	}
	wg.Wait()
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
	ids, err := store.Tenants(t.Context())
	if err != nil || int64(len(ids)) != created.Load()-deleted.Load() {
		t.Errorf("%d were created and %d deleted, there are %v, %v", created.Load(), deleted.Load(), ids, err)
	}
	if created.Load() < 2 {
		t.Errorf("only %d were created: this tested nothing", created.Load())
	}
}

func TestWaitingForAnotherProcessToGiveNamesEndsWithTheContext(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	lock := flock.New(filepath.Join(kit.Dir.Path(), "silo.json"))
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := kit.Store.Create(ctx, tenanttest.ID(t, "globex")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Create: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := kit.Store.Delete(ctx, acme.ID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Delete: %v", err)
	}
	wantNotes(t, acme)
}
