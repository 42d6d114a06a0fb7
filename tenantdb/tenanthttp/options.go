package tenanthttp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/silokit/silo/tenantdb/catalog"
)

// Options configure a [Middleware] and the handlers of [Func] behind it. The zero value of each
// field means its default, and so does a negative duration.
type Options struct {
	// Logger is told of requests that are refused and of handlers that fail: at level Warn of
	// those for another tenant than they have proved, at Error of what is the service's
	// own fault, such as a handler that mixes up tenants, at Debug of the rest and of clients
	// that have gone. Of requests that reach no handler there is one entry a second at Error, and at Warn
	// one of those who have proved a tenant and one of others; the next one says how many were
	// left out (unlogged). Entries name tenants and files, and hold no
	// credentials. Defaults to slog.Default().
	Logger *slog.Logger

	// Audit is given a record of requests for another tenant than they have proved;
	// a *catalog.Catalog keeps it. The same two tenants are recorded once a minute
	// (AuditEvery), and 16 at the most of who has proved one tenant, so that a flood of
	// requests is none of records. Defaults to none.
	Audit Recorder

	// AuditEvery is how often the same is recorded. Defaults to a minute.
	AuditEvery time.Duration

	// Provision makes a tenant that does not exist when the first request for it comes, as
	// lifecycle's Manager.Create does. It is called for requests that are verified alone, for
	// one at a time of those for a tenant, with the request's context, which carries no tenant
	// yet; that the tenant exists meanwhile is no failure. Then the request is resolved
	// anew. Requests for a tenant that another one is having made wait for it, in this process and as
	// long as Wait. Where the request has a foreign name that Alias does not know, who.Tenant is zero: the new
	// tenant needs that alias, who.Name.
	//
	// Of the tenants that the catalog knows it is called for those alone that are being created, and not by a request
	// here: whoever was making it may have died. Create waits for one who has not, and makes it anew
	// otherwise. Its error is the answer, also to requests that come within a second; each time it fails again for the
	// tenant, that is twice as long, up to a minute. So a tenant that was deleted stays so; without a catalog, who still has a token makes it
	// anew. Defaults to none: unknown tenants stay unknown.
	Provision func(ctx context.Context, who Identity) error

	// Wait is how long [Func] waits for a tenant's file to be opened and migrated, and a Middleware for
	// a tenant that another request is having made. Then the answer is 503, and the work goes
	// on, for the next request. Defaults to 5 seconds.
	Wait time.Duration

	// Answer writes all answers of the package. Defaults to the function [Answer].
	Answer func(w http.ResponseWriter, r *http.Request, p Problem)
}

// Recorder keeps records; a *catalog.Catalog is one.
type Recorder interface {
	Record(ctx context.Context, entry catalog.Entry) error
}

const (
	defaultWait       = 5 * time.Second
	defaultAuditEvery = time.Minute
)

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.AuditEvery <= 0 {
		o.AuditEvery = defaultAuditEvery
	}
	if o.Wait <= 0 {
		o.Wait = defaultWait
	}
	if o.Answer == nil {
		o.Answer = Answer
	}
	return o
}
