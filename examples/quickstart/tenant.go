package main

import (
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// withTenant puts the tenant that the header X-Tenant names into the request's
// context. All other code takes it from there. A header that anyone can set does for
// an example only: a real service takes the tenant from what it has verified, such as
// a signed token.
func (s *server) withTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := tenantdb.ParseID(r.Header.Get("X-Tenant"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		ctx, err := tenantdb.WithTenant(r.Context(), id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
