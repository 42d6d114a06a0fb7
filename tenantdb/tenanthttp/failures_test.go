package tenanthttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
)

func TestATenantThatCannotBeMadeIsNotTriedAtEachRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := map[string]tenantdb.ID{}
		for _, name := range []string{"acme", "globex"} {
			id, err := tenantdb.ParseID(name)
			if err != nil {
				t.Fatal(err)
			}
			ids[name] = id
		}
		tried, ends := map[string]int{}, error(&Problem{Status: http.StatusPaymentRequired})
		made := map[tenantdb.ID]bool{}
		by := ResolverFunc(func(r *http.Request) (Identity, error) {
			return Identity{Tenant: ids[r.Host], Name: r.Host, Verified: true, By: "test"}, nil
		})
		options := Options{Provision: func(ctx context.Context, who Identity) error {
			tried[who.Name]++
			if ctx.Err() != nil {
				return ctx.Err()
			}
			made[who.Tenant] = ends == nil
			return ends
		}}
		e := &edge{resolver: by, admit: func(ctx context.Context) error {
			if id, _ := tenantdb.TenantFrom(ctx); made[id] {
				return nil
			}
			return tenantdb.ErrUnknownTenant
		}, options: options.withDefaults()}
		h := e.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		ask := func(ctx context.Context, name string, status int) {
			t.Helper()
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "http://"+name+"/", nil))
			if w.Code != status {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		ask(gone, "acme", 503) // that its client has gone says nothing of the tenant
		for range 1000 {
			ask(t.Context(), "acme", 402)
		}
		ask(t.Context(), "globex", 402)
		if tried["acme"] != 2 || tried["globex"] != 1 {
			t.Errorf("tried %v", tried)
		}
		for began := time.Now(); time.Since(began) < time.Hour; time.Sleep(100 * time.Millisecond) {
			ask(t.Context(), "acme", 402)
		}
		if tried["acme"] < 60 || tried["acme"] > 70 {
			t.Errorf("tried %v in an hour", tried)
		}
		time.Sleep(mostPause)
		ends = nil
		ask(t.Context(), "acme", 200)
		if len(e.failures.of) != 1 {
			t.Errorf("remembered is %v", e.failures.of)
		}
	})
}

func TestWhatIsRememberedOfTenantsThatCannotBeMadeIsBounded(t *testing.T) {
	var f failures
	now, failed := time.Now(), errors.New("no room")
	for i := range 2 * mostFailures {
		f.note(fmt.Sprint("n", i), failed, now)
	}
	if len(f.of) != mostFailures || !errors.Is(f.last("n0", now), failed) || f.last("n300", now) != nil {
		t.Errorf("%d are remembered", len(f.of))
	}
	f.note("another", failed, now.Add(time.Hour))
	if len(f.of) != 1 {
		t.Errorf("those that are over make no room: %d are remembered", len(f.of))
	}
}
