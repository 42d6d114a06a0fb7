package tenanthttp

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/worker"
)

// Problem is what a client is told (RFC 9457). A handler of [Func] may return one as its error,
// wrapped or not, to say something of its own.
type Problem struct {
	// Type tells problems apart: "urn:silo:busy". Defaults to about:blank, which is that there
	// is nothing to say beyond Status.
	Type string `json:"type,omitempty"`

	// Title is for people. Defaults to the text of Status.
	Title string `json:"title"`

	// Status is that of the answer. Defaults to 500.
	Status int `json:"status"`

	// Detail is for people, and about this very case. May be empty.
	Detail string `json:"detail,omitempty"`

	// RetryAfter says when to try again, in whole seconds; 0 says nothing of it.
	RetryAfter time.Duration `json:"-"`
}

// Error returns title and detail.
func (p *Problem) Error() string {
	title := p.withDefaults().Title
	if p.Detail == "" {
		return title
	}
	return title + ": " + p.Detail
}

// withDefaults returns the problem with what has a default filled in.
func (p Problem) withDefaults() Problem {
	if p.Status < 400 || p.Status > 599 {
		p.Status = http.StatusInternalServerError
	}
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	return p
}

// problems say what clients are told of an error, the first that it is. The texts are fixed:
// nothing of an error, which may name files, statements and tenants, gets into an answer.
var problems = [...]struct {
	err     error
	problem Problem
}{
	// Who the tenant is.
	{ErrUnauthenticated, Problem{Type: "urn:silo:unauthenticated", Status: http.StatusUnauthorized, Detail: "The request has no valid credential."}},
	{ErrForbidden, unknownTenant},
	{ErrMalformed, Problem{Type: "urn:silo:malformed", Status: http.StatusBadRequest, Detail: "The request is malformed."}},
	{ErrUnnamed, noTenant},
	{ErrUnavailable, Problem{Type: "urn:silo:unavailable", Status: http.StatusServiceUnavailable, RetryAfter: time.Second}},
	// Of any ID: that of the request's own tenant has been found by then.
	{tenantdb.ErrBadID, Problem{Type: "urn:silo:malformed", Status: http.StatusBadRequest, Detail: "What should be the ID of a tenant is none."}},

	// Whether it can be used. That a tenant is being made or unmade is nobody's concern.
	{tenantdb.ErrUnknownTenant, unknownTenant},
	{errReplaced, busy},
	{tenantdb.ErrTenantGone, unknownTenant},
	{tenantdb.ErrTenantMismatch, unknownTenant},
	{tenantdb.ErrTenantRebound, unknownTenant},
	{catalog.ErrCreating, unknownTenant},
	{catalog.ErrDeleting, unknownTenant},
	{catalog.ErrDeleted, unknownTenant},
	{catalog.ErrUnderway, waiting}, // suspended to be restored
	{catalog.ErrSuspended, Problem{Type: "urn:silo:suspended", Title: "Suspended", Status: http.StatusForbidden}},
	{catalog.ErrQuarantined, Problem{Type: "urn:silo:unavailable", Status: http.StatusServiceUnavailable}},
	{tenantdb.ErrOpening, waiting},
	{errMaking, waiting},

	// What is not to be had at the moment.
	{tenantdb.ErrWriterBusy, busy},
	{tenantdb.ErrReadersBusy, busy},
	{tenantdb.ErrLocked, busy},
	{tenantdb.ErrTooManyOpen, busy},
	{tenantdb.ErrTooManyFiles, busy},
	{tenantdb.ErrSnapshotTooOld, busy},
	{tenantdb.ErrClosed, busy},
	{worker.ErrFull, busy},
	{worker.ErrClosed, busy},
	{tenantdb.ErrDiskFull, Problem{Type: "urn:silo:full", Status: http.StatusInsufficientStorage}},

	// What the request asks for.
	{tenantdb.ErrTooBig, tooLarge},
	{tenantdb.ErrConstraint, Problem{Type: "urn:silo:conflict", Status: http.StatusConflict}},
	{sql.ErrNoRows, Problem{Status: http.StatusNotFound}},

	// Last, for an error may hold one beside what it is.
	{context.DeadlineExceeded, busy},
	{context.Canceled, busy},
}

var (
	noTenant      = Problem{Type: "urn:silo:no-tenant", Status: http.StatusBadRequest, Detail: "The request names no tenant."}
	unknownTenant = Problem{Type: "urn:silo:unknown-tenant", Status: http.StatusNotFound, Detail: "There is no such tenant."}
	busy          = Problem{Type: "urn:silo:busy", Status: http.StatusServiceUnavailable, RetryAfter: time.Second}
	waiting       = Problem{Type: "urn:silo:busy", Status: http.StatusServiceUnavailable, RetryAfter: 5 * time.Second}
	tooLarge      = Problem{Type: "urn:silo:too-large", Status: http.StatusRequestEntityTooLarge}
)

// ProblemOf returns what clients are told of an error: a [*Problem] that it holds, or what
// belongs to the typed error that it is. Of any other it is 500 without details. It has no
// text of err, but for the reason of a suspension, which is for callers.
func ProblemOf(err error) Problem {
	var own *Problem
	if errors.As(err, &own) && own != nil {
		return own.withDefaults()
	}
	var body *http.MaxBytesError
	if errors.As(err, &body) {
		return tooLarge.withDefaults()
	}
	for _, p := range problems {
		if !errors.Is(err, p.err) {
			continue
		}
		told := p.problem
		var state *catalog.StateError
		if errors.Is(p.err, catalog.ErrSuspended) && errors.As(err, &state) {
			told.Detail = state.Reason
		}
		return told.withDefaults()
	}
	return Problem{Status: http.StatusInternalServerError}.withDefaults()
}
