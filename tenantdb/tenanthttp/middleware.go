package tenanthttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Middleware returns what is put around the handlers of tenants. Each request is resolved,
// its tenant looked for ([tenantdb.Store.Admit]) and bound to its context; handlers find it with
// [tenantdb.TenantFrom], and its handle by [Func] or [tenantdb.Store.Resolve]. A request of which
// any of that fails reaches no handler. It is answered as [ProblemOf] says:
//
//	no tenant, or the request is malformed            400
//	a credential that does not verify                 401
//	unknown, deleted, half made, or not the request's 404, the same answer
//	suspended                                         403, with the reason
//	busy, or still being migrated                     503, with Retry-After
//	the service's own fault                           500
//
// It may be put around a router, or around some handlers; around PathPrefix's router it must
// be, for it changes the path. Nested ones must find the same tenant. Without a store or a
// resolver all requests are refused. It starts nothing and holds nothing open.
func Middleware[S tenantdb.TenantSchema](store *tenantdb.Store[S], resolver Resolver, options Options) func(http.Handler) http.Handler {
	e := &edge{admit: store.Admit, resolver: resolver, options: options.withDefaults()}
	return e.around
}

// edge is a Middleware without its type parameter.
type edge struct {
	admit    func(context.Context) error
	resolver Resolver
	options  Options
	audited  audited
	lines    lines
	making   flights
	failures failures
}

// around returns the handler behind the edge.
func (e *edge) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		admitted, err := e.enter(r)
		if err != nil {
			e.refuse(w, r, "tenanthttp: a request was refused", err)
			return
		}
		next.ServeHTTP(w, admitted)
	})
}

// enter returns the request as handlers get it.
func (e *edge) enter(r *http.Request) (*http.Request, error) {
	who, ctx, err := e.find(r)
	if err != nil && e.mayBeUnderWay(who, err) {
		// Within, for then nobody else here is having it made.
		if ended := e.alone(r.Context(), who, func() error { who, ctx, err = e.find(r); return nil }); ended != nil {
			err = ended
		}
	}
	if err != nil && e.mayProvision(who, err) {
		if err = e.provision(r.Context(), who); err == nil {
			who, ctx, err = e.find(r)
		}
	}
	if err != nil {
		return nil, err
	}
	admitted := r.WithContext(&requestContext{Context: ctx, who: who, edge: e})
	if who.strip != "" {
		admitted.URL = stripped(r.URL, who.strip)
	}
	return admitted, nil
}

// find returns whose the request is, and its context with that tenant, if there is one.
func (e *edge) find(r *http.Request) (Identity, context.Context, error) {
	who, err := resolve(e.resolver, r)
	bound, within := tenantdb.TenantFrom(r.Context())
	switch {
	case err != nil:
		e.refused(r, who, err)
		return Identity{}, nil, err
	case within && bound != who.Tenant:
		return who, nil, e.contradict(r, bound, who)
	case who.Tenant.IsZero():
		return who, nil, fmt.Errorf("%w: the %s names %q", tenantdb.ErrUnknownTenant, who.By, shortened(who.Name))
	}
	ctx, err := tenantdb.WithTenant(r.Context(), who.Tenant)
	if err != nil {
		return who, nil, fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return who, ctx, e.admit(ctx)
}

// contradict refuses a request that is bound to a tenant, by an outer Middleware as a rule, for one
// that it names here.
func (e *edge) contradict(r *http.Request, bound tenantdb.ID, who Identity) error {
	outer, ok := IdentityFrom(r.Context())
	if !ok {
		outer = Identity{Tenant: bound, By: "context"}
	}
	err := &MismatchError{A: outer, B: who}
	if who.Verified && !outer.Verified {
		e.refused(r, who, err)
	} else {
		e.refused(r, outer, err)
	}
	return err
}

// refused does what is to be done about a request that the resolver has refused. If it has
// proved another tenant than it names, that one is looked up as if it had not, and nothing made
// of it: then a tenant that is unknown and one that is forbidden are refused at the same
// cost. The one that it names is not looked up, so that nothing tells whether that exists.
func (e *edge) refused(r *http.Request, who Identity, err error) {
	if !errors.Is(err, ErrForbidden) {
		return
	}
	if ctx, bound := tenantdb.WithTenant(r.Context(), who.Tenant); bound == nil {
		_ = e.admit(ctx)
	}
	e.record(r, who, err)
}

// refuse answers a request that has reached no handler, and logs why. Whoever sends many of them
// does not fill the log.
func (e *edge) refuse(w http.ResponseWriter, r *http.Request, message string, err error) {
	p := ProblemOf(err)
	if unlogged, due := e.lines.due(kindOf(r.Context(), p, err), time.Now()); due {
		e.log(r, p, message, err, unlogged...)
	}
	e.send(w, r, p)
}

// answer answers a request that a handler has failed at, and logs why.
func (e *edge) answer(w http.ResponseWriter, r *http.Request, message string, err error) {
	p := ProblemOf(err)
	e.log(r, p, message, err)
	e.send(w, r, p)
}

func (e *edge) send(w http.ResponseWriter, r *http.Request, p Problem) {
	dropContent(w.Header()) // also for an Answer of the application's
	e.options.Answer(w, r, p)
}

// mayBeUnderWay reports whether another request may be having the tenant made, which is to be
// waited for: a client's first requests come together. If none is, it is being made by other
// means, or somebody who was making it has died.
func (e *edge) mayBeUnderWay(who Identity, err error) bool {
	return e.options.Provision != nil && who.Verified && errors.Is(err, catalog.ErrCreating)
}

// mayProvision reports whether the tenant may be made for the request that asks for it: the catalog
// knows none, or one that was not made to the end.
func (e *edge) mayProvision(who Identity, err error) bool {
	var state *catalog.StateError
	switch {
	case e.options.Provision == nil || !who.Verified:
		return false
	case errors.As(err, &state):
		return state.State == catalog.Creating
	case who.Tenant.IsZero() && (who.Name == "" || len(who.Name) > maxAlias):
		return false // a name that Alias would not find the next time either
	}
	return errors.Is(err, tenantdb.ErrUnknownTenant)
}

// provision makes the tenant, for one request at a time of those that want it.
func (e *edge) provision(ctx context.Context, who Identity) error {
	return e.alone(ctx, who, func() error {
		if err := e.failures.last(who.calls(), time.Now()); err != nil {
			return err
		}
		err := e.options.Provision(ctx, who)
		if errors.Is(err, tenantdb.ErrTenantExists) {
			err = nil
		}
		if err == nil || ctx.Err() == nil {
			e.failures.note(who.calls(), err, time.Now())
		}
		return err
	})
}

// alone calls f while no other request of this process has the tenant made, which it waits for as
// long as Options.Wait.
func (e *edge) alone(ctx context.Context, who Identity, f func() error) error {
	patience, cancel := context.WithTimeoutCause(ctx, e.options.Wait, errMaking)
	defer cancel()
	return e.making.do(patience, who.calls(), f)
}

var errMaking = errors.New("the tenant is being made for another request")

// shortened returns the beginning of a text that a client may have made long.
func shortened(text string) string {
	const most = 80
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
