package tenanthttp

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// Func returns a handler that calls f with the tenant's database, for requests that have
// passed a [Middleware]. It resolves the tenant of the request's context, and waits for its
// file to be opened and migrated as long as [Options.Wait]; then the answer is 503 and the
// migration goes on.
//
// An error of f is logged and answered as [ProblemOf] says, unless f has begun to answer; that its
// handle's file was replaced meanwhile, as by a restore, is 503. The
// handle is good for contexts that are made from the request's: those of other tenants, and
// those without one, are errors. It holds nothing, and may outlive the request; what is to
// go on after the request needs a context that does not end with it, which
// [tenantdb.Detach] makes.
//
// For a request that has passed no Middleware nothing is called, and the answer is 500.
func Func[S tenantdb.TenantSchema](store *tenantdb.Store[S], f func(w http.ResponseWriter, r *http.Request, db *tenantdb.TenantDB[S]) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, passed := edgeOf(r.Context())
		if !passed {
			e.answer(w, r, handlerFailed, errNoMiddleware)
			return
		}
		db, err := store.ResolveWithin(r.Context(), e.options.Wait)
		if err != nil {
			e.refuse(w, r, "tenanthttp: a tenant could not be opened", err)
			return
		}
		watched := &watchedWriter{ResponseWriter: w}
		if err := f(watched.wrapped(), r, db); err != nil {
			if errors.Is(err, tenantdb.ErrTenantGone) && store.Admit(r.Context()) == nil {
				err = fmt.Errorf("%w: %w", errReplaced, err)
			}
			if watched.begun {
				e.log(r, ProblemOf(err), "tenanthttp: a handler failed after it had begun to answer", err)
				return
			}
			e.answer(w, r, handlerFailed, err)
		}
	})
}

const handlerFailed = "tenanthttp: a handler failed"

// errReplaced is what a handler has met whose handle is of a file that is not the tenant's any
// more, though the tenant is there.
var errReplaced = errors.New("the tenant's file was replaced while the request was under way")

var errNoMiddleware = errors.New("the request has passed no Middleware, so nobody has said whose it is")
