package tenanthttp

import (
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// Func returns a handler that calls f with the tenant's database, for requests that have
// passed a [Middleware]. It resolves the tenant of the request's context, and waits for its
// file to be opened and migrated as long as [Options.Wait]; then the answer is 503 and the
// migration goes on.
//
// An error of f is logged and answered as [ProblemOf] says, unless f has begun to answer. The
// handle is good for contexts that are made from the request's: those of other tenants, and
// those without one, are errors. It holds nothing, and may outlive the request; what is to
// go on after the request needs a context that does not end with it, which
// [tenantdb.Detach] makes.
//
// For a request that has passed no Middleware nothing is called, and the answer is 500.
func Func[S tenantdb.TenantSchema](store *tenantdb.Store[S], f func(w http.ResponseWriter, r *http.Request, db *tenantdb.TenantDB[S]) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := edgeOf(r.Context())
		if _, ok := IdentityFrom(r.Context()); !ok {
			e.fail(w, r, errNoMiddleware)
			return
		}
		db, err := store.ResolveWithin(r.Context(), e.options.Wait)
		if err != nil {
			e.fail(w, r, err)
			return
		}
		watched := &watchedWriter{ResponseWriter: w}
		if err := f(watched.wrapped(), r, db); err != nil {
			if watched.begun {
				e.log(r, ProblemOf(err), "tenanthttp: a handler failed after it had begun to answer", err)
				return
			}
			e.fail(w, r, err)
		}
	})
}

// fail answers a request whose handler has failed.
func (e *edge) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err)
	e.log(r, p, "tenanthttp: a handler failed", err)
	e.options.Answer(w, r, p)
}
