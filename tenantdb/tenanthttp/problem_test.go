package tenanthttp_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/worker"
)

// A handler's own problem says in the log what it is, though it has no title of its own.
func TestTheTextOfAProblemHasTheTitleThatClientsSee(t *testing.T) {
	for want, p := range map[string]tenanthttp.Problem{
		"Payment Required":                     {Status: 402},
		"Payment Required: The trial is over.": {Status: 402, Detail: "The trial is over."},
		"Over: The trial is over.":             {Status: 402, Title: "Over", Detail: "The trial is over."},
	} {
		if got := p.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestEachErrorHasItsAnswer(t *testing.T) {
	state := func(s catalog.State) error { return &catalog.StateError{State: s, Reason: "because"} }
	tests := []struct {
		err    error
		status int
		kind   string
		retry  time.Duration
	}{
		{tenanthttp.ErrUnnamed, 400, "no-tenant", 0},
		{tenanthttp.ErrMalformed, 400, "malformed", 0},
		{tenantdb.ErrBadID, 400, "malformed", 0},
		{tenanthttp.ErrUnauthenticated, 401, "unauthenticated", 0},
		{tenanthttp.ErrForbidden, 404, "unknown-tenant", 0},
		{&tenanthttp.MismatchError{}, 404, "unknown-tenant", 0},
		{tenantdb.ErrUnknownTenant, 404, "unknown-tenant", 0},
		{tenantdb.ErrTenantGone, 404, "unknown-tenant", 0},
		{tenantdb.ErrTenantMismatch, 404, "unknown-tenant", 0},
		{tenantdb.ErrTenantRebound, 404, "unknown-tenant", 0},
		{catalog.ErrUnknownAlias, 404, "unknown-tenant", 0},
		{state(catalog.Creating), 404, "unknown-tenant", 0},
		{state(catalog.Deleting), 404, "unknown-tenant", 0},
		{state(catalog.Deleted), 404, "unknown-tenant", 0},
		{state(catalog.Suspended), 403, "suspended", 0},
		{state(catalog.Quarantined), 503, "unavailable", 0},
		{&catalog.StateError{State: catalog.Suspended, Operation: catalog.Restoring, Reason: "because"}, 503, "busy", 5 * time.Second},
		{&catalog.StateError{State: catalog.Deleting, Operation: catalog.Erasing}, 404, "unknown-tenant", 0},
		{tenanthttp.ErrUnavailable, 503, "unavailable", time.Second},
		{tenantdb.ErrOpening, 503, "busy", 5 * time.Second},
		{&tenantdb.BusyError{Holder: "query SetConfig"}, 503, "busy", time.Second},
		{tenantdb.ErrReadersBusy, 503, "busy", time.Second},
		{tenantdb.ErrLocked, 503, "busy", time.Second},
		{tenantdb.ErrTooManyOpen, 503, "busy", time.Second},
		{tenantdb.ErrTooManyFiles, 503, "busy", time.Second},
		{tenantdb.ErrSnapshotTooOld, 503, "busy", time.Second},
		{tenantdb.ErrClosed, 503, "busy", time.Second},
		{worker.ErrFull, 503, "busy", time.Second},
		{worker.ErrClosed, 503, "busy", time.Second},
		{context.DeadlineExceeded, 503, "busy", time.Second},
		{tenantdb.ErrDiskFull, 507, "full", 0},
		{tenantdb.ErrTooBig, 413, "too-large", 0},
		{&http.MaxBytesError{Limit: 1}, 413, "too-large", 0},
		{tenantdb.ErrConstraint, 409, "conflict", 0},
		{sql.ErrNoRows, 404, "", 0},
		{tenantdb.ErrCorrupt, 500, "", 0},
		{tenantdb.ErrOutcomeUnknown, 500, "", 0},
		{tenantdb.ErrReadOnly, 500, "", 0},
		{errors.New("/var/lib/silo/tenants/acme.db: SELECT"), 500, "", 0},
		{nil, 500, "", 0},
		{&tenanthttp.Problem{Title: "Gone", Status: http.StatusGone, Type: "urn:silo:x"}, 410, "x", 0},
		{&tenanthttp.Problem{}, 500, "", 0},
		{&tenanthttp.Problem{Status: 200}, 500, "", 0},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.err), func(t *testing.T) {
			err := test.err
			if err != nil {
				err = &tenantdb.Error{Op: "resolve", Path: "/var/lib/silo/tenants/acme.db", Err: fmt.Errorf("query ListModules: %w", err), Hint: "do this"}
			}
			p := tenanthttp.ProblemOf(err)
			kind := strings.TrimPrefix(p.Type, "urn:silo:")
			if p.Status != test.status || kind != test.kind || p.RetryAfter != test.retry || p.Title == "" {
				t.Errorf("%+v", p)
			}
			if text := p.Error(); strings.Contains(text, "silo/") || strings.Contains(text, "SELECT") || strings.Contains(text, "ListModules") {
				t.Errorf("it tells %q", text)
			}
		})
	}
}

func TestAnswersAreInTheFormThatTheRequestPrefers(t *testing.T) {
	tests := []struct {
		accept []string
		html   bool
	}{
		{nil, false},
		{[]string{"*/*"}, false},
		{[]string{"application/json"}, false},
		{[]string{"text/html"}, true},
		{[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, true},
		{[]string{"application/json, text/html"}, false},
		{[]string{"application/json;q=0.5, text/html"}, true},
		{[]string{"text/html;q=0.2, application/problem+json"}, false},
		{[]string{"application/json;q=0.1", "TEXT/HTML; charset=utf-8"}, true},
		{[]string{"text/html;q=0"}, false},
		{[]string{"text/html;q=2"}, false},
		{[]string{"text/html;q=NaN"}, false},
		{[]string{"text/html;q="}, false},
		{[]string{";;;,,,=;q"}, false},
		{[]string{strings.Repeat("text/html,", 10_000)}, true},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.accept, ", ")[:min(60, len(strings.Join(test.accept, ", ")))], func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header["Accept"] = test.accept
			w := httptest.NewRecorder()
			tenanthttp.Answer(w, r, tenanthttp.Problem{Status: 503, Detail: `<b>"x"`, RetryAfter: 1500 * time.Millisecond})
			if html := w.Header().Get("Content-Type") == "text/html; charset=utf-8"; html != test.html {
				t.Errorf("the answer is %s", w.Header().Get("Content-Type"))
			}
			if w.Code != 503 || w.Header().Get("Retry-After") != "2" || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Vary") != "Accept" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			if strings.Contains(w.Body.String(), "<b>") {
				t.Errorf("what is told is not escaped: %s", w.Body)
			}
			var p tenanthttp.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); !test.html && (err != nil || p.Status != 503 || p.Title != "Service Unavailable" || p.Detail != `<b>"x"`) {
				t.Errorf("%s: %+v, %v", w.Body, p, err)
			}
		})
	}
}

func TestAnApplicationAnswersInItsOwnWay(t *testing.T) {
	k := newKit(t)
	h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{Answer: func(w http.ResponseWriter, _ *http.Request, p tenanthttp.Problem) {
		http.Error(w, "sorry: "+p.Type, p.Status)
	}})(tenanthttp.Func(k.store, func(http.ResponseWriter, *http.Request, *tenant.DB) error { return tenantdb.ErrDiskFull }))
	if got := ask(h, "ghost.example.com"); got.Code != 404 || got.Body.String() != "sorry: urn:silo:unknown-tenant\n" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if got := ask(h, "acme.example.com"); got.Code != 507 || got.Body.String() != "sorry: urn:silo:full\n" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}
