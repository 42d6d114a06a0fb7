package tenanthttp_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The handler has its database when somebody else does something to the tenant.
func TestARequestWhoseTenantIsReplacedIsToComeAgainAndOneWhoseTenantIsGoneIsNot(t *testing.T) {
	k := newKit(t)
	ctx, id := t.Context(), tenanttest.ID(t, "acme")
	copied := filepath.Join(t.TempDir(), "copy.db")
	manifest := must[tenantdb.Manifest](t)(k.store.Snapshot(ctx, id, copied, tenantdb.SnapshotOptions{}))
	meanwhile := func(context.Context) error { return nil }
	h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		if err := meanwhile(ctx); err != nil {
			return err
		}
		return answerWhose(w, r, db)
	}))
	for _, step := range []struct {
		name   string
		does   func(context.Context) error
		status int
		retry  string
	}{
		{"nothing", func(context.Context) error { return nil }, 200, ""},
		{"it is restored", func(ctx context.Context) error {
			return k.store.Restore(ctx, id, tenantdb.Source{Path: copied, SHA256: manifest.SHA256})
		}, 503, "1"},
		{"nothing again", func(context.Context) error { return nil }, 200, ""},
		{"it is deleted", func(ctx context.Context) error {
			is, err := k.catalog.Get(ctx, id)
			return errors.Join(err, k.catalog.Forget(ctx, id, is.Generation), k.store.Delete(ctx, id))
		}, 404, ""},
	} {
		meanwhile = step.does
		if got := ask(h, "acme.example.com"); got.Code != step.status || got.Header().Get("Retry-After") != step.retry {
			t.Errorf("%s: %d %v %s", step.name, got.Code, got.Header(), got.Body)
		}
	}
}
