package worker_test

import (
	"context"
	"errors"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
	"github.com/silokit/silo/tenantdb/worker"
)

func TestWorkOfATenantThatIsGoneWhenItsTurnComesIsNotRun(t *testing.T) {
	var failed failures
	kit := tenanttest.New(t, tenant.Open)
	acme, globex := kit.Two()
	p, err := worker.New(t.Context(), kit.Store, worker.Options{Tenants: 1, Failed: failed.add})
	if err != nil {
		t.Fatal(err)
	}
	release := hold(acme.Context, t, p)
	if err := p.Submit(globex.Context, func(context.Context, *tenant.DB) error { t.Error("it ran"); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Delete(t.Context(), globex.ID); err != nil {
		t.Fatal(err)
	}
	release()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(failed.said[globex.ID.String()], tenantdb.ErrUnknownTenant) || failed.said[acme.ID.String()] != nil {
		t.Errorf("told is %v", failed.said)
	}
}
