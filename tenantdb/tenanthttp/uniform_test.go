package tenanthttp_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// cost is what a request was answered and what it made the service do.
type cost struct {
	answer
	looks, aliases int64
}

func (k *kit) costOf(t *testing.T, s *server, request string) cost {
	t.Helper()
	looks, aliases := k.admits.Load(), k.aliases.Load()
	got := s.send(t, request)
	return cost{got, k.admits.Load() - looks, k.aliases.Load() - aliases}
}

func TestUnknownAndForbiddenAreTheSameAnswerAtTheSameCost(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	host := must[tenanthttp.Resolver](t)(tenanthttp.Subdomain("example.com"))
	for name, domain := range map[string]string{"acme": "acme.test", "globex": "globex.test"} {
		if err := k.catalog.AddAlias(t.Context(), tenanttest.ID(t, name), "domain", domain); err != nil {
			t.Fatal(err)
		}
	}
	token := a.resolver(t)
	at := func(host, tenant string) string { return get("/", "Host: "+host, bearer(a.good(t, tenant))) }
	tests := []struct {
		name     string
		resolver tenanthttp.Resolver
		requests map[string]string
	}{
		{"a host and a token", tenanthttp.Agree(host, token), map[string]string{
			"another's, active":          at("globex.example.com", "acme"),
			"another's, suspended":       at("unpaid.example.com", "acme"),
			"another's, deleted":         at("gone.example.com", "acme"),
			"another's, half made":       at("half.example.com", "acme"),
			"nobody's":                   at("ghost.example.com", "acme"),
			"nobody's, with its token":   at("ghost.example.com", "ghost"),
			"a deleted one's, its own":   at("gone.example.com", "gone"),
			"a half made one's, its own": at("half.example.com", "half"),
		}},
		{"a domain and a token", tenanthttp.Agree(tenanthttp.Alias(k, "domain", tenanthttp.Host()), token), map[string]string{
			"another's": at("globex.test", "acme"),
			"nobody's":  at("ghost.test", "acme"),
		}},
		{"a host alone", host, map[string]string{
			"nobody's":         get("/", "Host: ghost.example.com"),
			"a deleted one's":  get("/", "Host: gone.example.com"),
			"one being made":   get("/", "Host: half.example.com"),
			"one being unmade": get("/", "Host: leaving.example.com"),
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := k.serve(t, test.resolver, tenanthttp.Options{Audit: k.catalog})
			for range 2 { // the second time from memory
				var first string
				var want cost
				for name, request := range test.requests {
					got := k.costOf(t, s, request)
					if first == "" {
						first, want = name, got
					}
					if diff := cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)); diff != "" {
						t.Errorf("%s and %s differ:\n%s", first, name, diff)
					}
				}
				if want.status != 404 || want.looks != 1 {
					t.Errorf("%+v, want 404 and one look", want)
				}
			}
			if s.reached.Load() != 0 {
				t.Error("a request has reached the handler")
			}
		})
	}
}

func TestTokensThatDoNotVerifyAreTheSameAnswerWhosesoever(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	host := must[tenanthttp.Resolver](t)(tenanthttp.Subdomain("example.com"))
	s := k.serve(t, tenanthttp.Agree(host, a.resolver(t)), tenanthttp.Options{})
	bad := bearer(a.with(t, "acme", map[string]any{"exp": 1000}))
	want := k.costOf(t, s, get("/", "Host: acme.example.com", bad))
	for _, name := range []string{"globex", "ghost", "gone", "unpaid"} {
		got := k.costOf(t, s, get("/", "Host: "+name+".example.com", bad))
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("on the host of %s: %+v, on its own: %+v", name, got, want)
		}
	}
	if want.status != 401 || want.looks != 0 || want.header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("%+v, want 401 without a look", want)
	}
}

func TestARequestForAnotherTenantIsRecordedOnceInItsTime(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	host := must[tenanthttp.Resolver](t)(tenanthttp.Subdomain("example.com"))
	s := k.serve(t, tenanthttp.Agree(host, a.resolver(t)), tenanthttp.Options{Audit: k.catalog, AuditEvery: time.Hour})
	for range 3 {
		s.send(t, get("/", "Host: globex.example.com", bearer(a.good(t, "acme"))))
		s.send(t, get("/", "Host: ghost.example.com", bearer(a.good(t, "acme"))))
		s.send(t, get("/", "Host: acme.example.com", bearer(a.good(t, "globex"))))
	}
	// One token can name any number of hosts, and not fill the record with them.
	for i := range 400 {
		s.send(t, get("/", fmt.Sprintf("Host: n%d.example.com", i), bearer(a.good(t, "acme"))))
	}
	s.send(t, get("/", "Host: other.example.com", bearer(a.good(t, "globex")))) // is recorded all the same
	if n := k.refusals(t, "globex"); n != 2 {
		t.Errorf("%d records of who has proved globex, want 2", n)
	}
	found, total := map[string]int{}, 0
	for e, err := range k.catalog.Entries(t.Context(), tenanttest.ID(t, "acme")) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Operation == tenanthttp.OperationRefuse && e.Actor == "ann" && e.Result == "forbidden" {
			total++
			var detail struct{ By, Named, NamedBy string }
			decode(t, e.Detail, &detail)
			found[detail.By+" "+detail.Named]++
		}
	}
	if found["jwt globex"] != 1 || found["jwt ghost"] != 1 {
		t.Errorf("recorded %v, want globex and ghost once each", found)
	}
	if total != 16 {
		t.Errorf("%d records", total)
	}
}

// Of three ways to name a tenant, two agree and the third is what the record has to name.
func TestTheRecordOfARefusalNamesTheTenantThatWasNotProved(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	path := must[tenanthttp.Resolver](t)(tenanthttp.PathPrefix("/t/"))
	token := a.resolver(t)
	for name, by := range map[string]tenanthttp.Resolver{
		"acme":   tenanthttp.Agree(subdomain(t), path, token),
		"globex": tenanthttp.Agree(token, subdomain(t), path),
	} {
		other := map[string]string{"acme": "globex", "globex": "acme"}[name]
		s := k.serve(t, by, tenanthttp.Options{Audit: k.catalog})
		s.send(t, get("/t/"+other+"/", "Host: "+name+".example.com", bearer(a.good(t, name))))
		for e, err := range k.catalog.Entries(t.Context(), tenanttest.ID(t, name)) {
			if err != nil {
				t.Fatal(err)
			}
			var detail struct {
				Named   string
				NamedBy string `json:"named_by"`
			}
			if decode(t, e.Detail, &detail); e.Operation == tenanthttp.OperationRefuse && (detail.Named != other || detail.NamedBy != "path") {
				t.Errorf("of %s on the path of %s there is the record %s", name, other, e.Detail)
			}
		}
		if k.refusals(t, name) != 1 {
			t.Errorf("of %s on the path of %s there is no record", name, other)
		}
	}
}

// refusals counts the records of refused requests that have proved a tenant.
func (k *kit) refusals(t *testing.T, name string) (n int) {
	t.Helper()
	for e, err := range k.catalog.Entries(t.Context(), tenanttest.ID(t, name)) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Operation == tenanthttp.OperationRefuse {
			n++
		}
	}
	return n
}

// fullRecorder keeps no record.
type fullRecorder struct{}

func (fullRecorder) Record(context.Context, catalog.Entry) error { return tenantdb.ErrDiskFull }

func TestARecordThatCannotBeMadeChangesNoAnswerAndIsLogged(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	var log bytes.Buffer
	options := tenanthttp.Options{Audit: fullRecorder{}, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	s := k.serve(t, tenanthttp.Agree(subdomain(t), a.resolver(t)), options)
	if got := s.send(t, get("/", "Host: globex.example.com", bearer(a.good(t, "acme")))); got.status != 404 {
		t.Errorf("%+v", got)
	}
	s.Close() // the handler has returned
	if !strings.Contains(log.String(), "could not be recorded") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestWhoGoesAwayIsRecordedAllTheSame(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	h := tenanthttp.Middleware(k.store, tenanthttp.Agree(subdomain(t), a.resolver(t)), tenanthttp.Options{Audit: k.catalog})(nothing)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.Host = "globex.example.com"
	r.Header.Set("Authorization", "Bearer "+a.good(t, "acme"))
	h.ServeHTTP(httptest.NewRecorder(), r)
	if n := k.refusals(t, "acme"); n != 1 {
		t.Errorf("%d records", n)
	}
}

// brokenAliases cannot be asked.
type brokenAliases struct{}

func (brokenAliases) LookupAlias(context.Context, string, string) (tenantdb.ID, error) {
	return tenantdb.ID{}, tenantdb.ErrIO
}

func TestWhileTheCatalogCannotBeAskedNobodyIsLetIn(t *testing.T) {
	k := newKit(t)
	s := k.serve(t, tenanthttp.First(tenanthttp.Alias(brokenAliases{}, "domain", tenanthttp.Host()), subdomain(t)), tenanthttp.Options{})
	if got := s.send(t, get("/", "Host: acme.example.com")); got.status != 503 || s.reached.Load() != 0 {
		t.Errorf("%+v", got)
	}
}
