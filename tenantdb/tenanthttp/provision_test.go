package tenanthttp

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// While one request has its tenant made, the catalog says of it to others that it is being
// created, and an alias that it is given may be known already.
func TestRequestsForATenantThatAnotherOneHasMadeWaitForIt(t *testing.T) {
	newone, err := tenantdb.ParseID("newone")
	if err != nil {
		t.Fatal(err)
	}
	var unknown, creating error = tenantdb.ErrUnknownTenant, &catalog.StateError{State: catalog.Creating}
	for name, test := range map[string]struct {
		foreign bool  // the name is an alias, once the tenant is in the catalog
		ends    error // how it is to make the tenant
		status  int
	}{
		"by its ID":         {false, nil, 200},
		"by a foreign name": {true, nil, 200},
		"which fails":       {true, catalog.ErrInvalid, 500},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex // guards state
				state := unknown
				now := func() error {
					mu.Lock()
					defer mu.Unlock()
					return state
				}
				become := func(err error) {
					mu.Lock()
					defer mu.Unlock()
					state = err
				}
				by := ResolverFunc(func(*http.Request) (Identity, error) {
					who := Identity{Tenant: newone, Name: "newone", Verified: true, By: "test"}
					if test.foreign {
						who.Name = "org_42"
						if errors.Is(now(), unknown) {
							who.Tenant = tenantdb.ID{}
						}
					}
					return who, nil
				})
				begun, goOn := make(chan struct{}), make(chan struct{})
				begin := sync.OnceFunc(func() { close(begun) })
				options := Options{Provision: func(context.Context, Identity) error {
					become(creating)
					begin()
					<-goOn
					become(test.ends)
					if test.ends != nil {
						become(unknown)
					}
					return test.ends
				}}
				e := &edge{admit: func(context.Context) error { return now() }, resolver: by, options: options.withDefaults()}
				h := e.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
				var all sync.WaitGroup
				ask := func() {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
					if w.Code != test.status {
						t.Errorf("%d %s", w.Code, w.Body)
					}
				}
				all.Go(ask)
				<-begun
				for range 3 {
					all.Go(ask)
				}
				synctest.Wait()
				close(goOn)
				all.Wait()
			})
		})
	}
}
