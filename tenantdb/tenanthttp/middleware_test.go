package tenanthttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func decode(t testing.TB, text []byte, out any) {
	t.Helper()
	if err := json.Unmarshal(text, out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// subdomain is the resolver of most tests.
func subdomain(t testing.TB) tenanthttp.Resolver {
	t.Helper()
	return must[tenanthttp.Resolver](t)(tenanthttp.Subdomain("example.com"))
}

// ask sends a request for a host without a network.
func ask(h http.Handler, host string, lines ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = host
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestASuspensionsReasonIsTold(t *testing.T) {
	k := newKit(t)
	s := k.serve(t, subdomain(t), tenanthttp.Options{})
	var told tenanthttp.Problem
	got := s.send(t, get("/", "Host: unpaid.example.com"))
	decode(t, []byte(got.body), &told)
	if got.status != 403 || told.Detail != "unpaid since May" || told.Type != "urn:silo:suspended" || got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%+v", got)
	}
	writes := k.serveHandler(t, subdomain(t), tenanthttp.Options{}, tenanthttp.Func(k.store, func(_ http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		_, err := tenant.New(db).CreateModule(r.Context(), tenant.CreateModuleParams{ID: "x", Slug: "x", Name: "x"})
		return err
	}))
	got = writes.send(t, get("/", "Host: readonly.example.com"))
	if got.status != 403 || !strings.Contains(got.body, "moving house") {
		t.Errorf("a write to a tenant that can only be read: %+v", got)
	}
}

func TestAChangeOfStateIsSeenByTheNextRequest(t *testing.T) {
	k := newKit(t)
	s := k.serve(t, subdomain(t), tenanthttp.Options{})
	id := tenanttest.ID(t, "acme")
	for _, step := range []struct {
		change catalog.Change
		status int
	}{
		{catalog.Change{State: catalog.Active}, 200},
		{catalog.Change{State: catalog.Suspended}, 403},
		{catalog.Change{State: catalog.Active}, 200},
		{catalog.Change{State: catalog.Deleting}, 404},
	} {
		now := must[catalog.Tenant](t)(k.catalog.Get(t.Context(), id))
		must[catalog.Tenant](t)(k.catalog.SetState(t.Context(), id, now.Generation, step.change))
		if got := s.send(t, get("/", "Host: acme.example.com")); got.status != step.status {
			t.Errorf("%s: %+v", step.change.State, got)
		}
	}
}

func TestATenantIsMadeOnItsFirstRequestOnlyByTheOptionAndForTheVerified(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	manager := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(k.store, k.catalog, lifecycle.Options{}))
	var made atomic.Int64
	options := tenanthttp.Options{Provision: func(ctx context.Context, who tenanthttp.Identity) error {
		made.Add(1)
		_, err := manager.Create(ctx, lifecycle.Creation[tenant.Schema]{ID: who.Tenant, Key: "first request " + who.Tenant.String()})
		return err
	}}
	without := k.serve(t, a.resolver(t), tenanthttp.Options{})
	if got := without.send(t, get("/", "Host: x", bearer(a.good(t, "newone")))); got.status != 404 {
		t.Errorf("without the option: %+v", got)
	}
	both := k.serve(t, tenanthttp.First(a.resolver(t), subdomain(t)), options)
	for _, host := range []string{"newone", "gone", "half"} {
		if got := both.send(t, get("/", "Host: "+host+".example.com")); got.status != 404 {
			t.Errorf("%s, by a host alone: %+v", host, got)
		}
	}
	for _, name := range []string{"gone", "leaving"} { // the catalog knows what became of them
		if got := both.send(t, get("/", "Host: x", bearer(a.good(t, name)))); got.status != 404 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if made.Load() != 0 {
		t.Fatal("a tenant was made")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := both.send(t, get("/", "Host: x", bearer(a.good(t, "newone")))); got.status != 200 || got.body != "newone newone /" {
				t.Errorf("%+v", got)
			}
		})
	}
	all.Wait()
}

func TestATenantWithAForeignNameIsMadeWithItsAlias(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	manager := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(k.store, k.catalog, lifecycle.Options{}))
	s := k.serve(t, tenanthttp.Alias(k, "org", a.resolver(t)), tenanthttp.Options{Provision: func(ctx context.Context, who tenanthttp.Identity) error {
		if !who.Tenant.IsZero() || who.Name != "org_42" {
			return fmt.Errorf("asked for %+v", who)
		}
		_, err := manager.Create(ctx, lifecycle.Creation[tenant.Schema]{
			ID: tenanttest.ID(t, "newone"), Aliases: []lifecycle.Alias{{Kind: "org", Value: who.Name}}, Key: who.Name,
		})
		return err
	}})
	for range 2 {
		if got := s.send(t, get("/", "Host: x", bearer(a.good(t, "org_42")))); got.status != 200 || got.body != "newone newone /" {
			t.Errorf("%+v", got)
		}
	}
}

// Who comes while the tenant is being made waits for it, by its own name and by a foreign one.
func TestARequestThatComesWhileItsTenantIsMadeForAnotherWaitsForThat(t *testing.T) {
	for _, foreign := range []bool{false, true} {
		k, a := newKit(t), newAuthority(t)
		manager := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(k.store, k.catalog, lifecycle.Options{}))
		seeding, seed := make(chan struct{}), make(chan struct{})
		by := a.resolver(t)
		if foreign {
			by = tenanthttp.Alias(k, "org", by)
		}
		s := k.serve(t, by, tenanthttp.Options{Provision: func(ctx context.Context, who tenanthttp.Identity) error {
			_, err := manager.Create(ctx, lifecycle.Creation[tenant.Schema]{
				ID: tenanttest.ID(t, "newone"), Aliases: []lifecycle.Alias{{Kind: "org", Value: who.Name}},
				Seed: func(context.Context, *tenant.DB) error {
					close(seeding)
					<-seed
					return nil
				},
			})
			return err
		}})
		var all sync.WaitGroup
		send := func() {
			if got := s.send(t, get("/", "Host: x", bearer(a.good(t, "newone")))); got.status != 200 {
				t.Errorf("foreign: %v: %+v", foreign, got)
			}
		}
		all.Go(send)
		<-seeding
		looked := k.admits.Load()
		all.Go(send)
		for k.admits.Load() == looked { // until it has seen that the tenant is being made
			runtime.Gosched()
		}
		close(seed)
		all.Wait()
	}
}

// Who has proved nothing is not let wait, and so does not learn that the tenant is being made.
func TestWhoHasProvedNothingDoesNotWaitForATenantThatIsMade(t *testing.T) {
	k := newKit(t)
	manager := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(k.store, k.catalog, lifecycle.Options{}))
	id := tenanttest.ID(t, "newone")
	own := tenanthttp.ResolverFunc(func(r *http.Request) (tenanthttp.Identity, error) {
		return tenanthttp.Identity{Tenant: id, Verified: r.Header.Get("Authorization") != "", By: "own"}, nil
	})
	seeding, seed := make(chan struct{}), make(chan struct{})
	h := tenanthttp.Middleware(k.store, own, tenanthttp.Options{Provision: func(ctx context.Context, _ tenanthttp.Identity) error {
		_, err := manager.Create(ctx, lifecycle.Creation[tenant.Schema]{ID: id, Seed: func(context.Context, *tenant.DB) error {
			close(seeding)
			<-seed
			return nil
		}})
		return err
	}})(tenanthttp.Func(k.store, answerWhose))
	var all sync.WaitGroup
	all.Go(func() {
		if got := ask(h, "x", bearer("x")); got.Code != 200 {
			t.Errorf("verified: %d %s", got.Code, got.Body)
		}
	})
	<-seeding
	if got := ask(h, "x"); got.Code != 404 {
		t.Errorf("not verified: %d %s", got.Code, got.Body)
	}
	close(seed)
	all.Wait()
}

func TestNoTenantIsMadeForANameThatNoAliasIsFoundBy(t *testing.T) {
	k := newKit(t)
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		own := tenanthttp.ResolverFunc(func(*http.Request) (tenanthttp.Identity, error) {
			return tenanthttp.Identity{Name: name, Verified: true}, nil
		})
		h := tenanthttp.Middleware(k.store, tenanthttp.Alias(k, "org", own), tenanthttp.Options{Provision: func(context.Context, tenanthttp.Identity) error {
			t.Errorf("asked for one of a name of %d bytes", len(name))
			return nil
		}})(tenanthttp.Func(k.store, answerWhose))
		if got := ask(h, "x"); got.Code != 404 {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
}

func TestATenantThatCannotBeMadeIsTheServicesFault(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	for _, test := range []struct {
		err    error
		status int
	}{{errors.New("no more room"), 500}, {tenantdb.ErrTenantExists, 404}, {&tenanthttp.Problem{Status: 402}, 402}} {
		s := k.serve(t, a.resolver(t), tenanthttp.Options{Provision: func(context.Context, tenanthttp.Identity) error { return test.err }})
		if got := s.send(t, get("/", "Host: x", bearer(a.good(t, "newone")))); got.status != test.status {
			t.Errorf("%v: %+v", test.err, got)
		}
	}
}

func TestNestedMiddlewaresMustFindTheSameTenant(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	var log bytes.Buffer
	options := tenanthttp.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Audit: k.catalog}
	host := tenanthttp.Middleware(k.store, subdomain(t), options)
	token := tenanthttp.Middleware(k.store, a.resolver(t), options)
	h := host(token(tenanthttp.Func(k.store, answerWhose)))
	if got := ask(h, "acme.example.com", bearer(a.good(t, "acme"))); got.Code != 200 || got.Body.String() != "acme acme acme /" {
		t.Errorf("one tenant: %d %s", got.Code, got.Body)
	}
	if got := ask(h, "acme.example.com", bearer(a.good(t, "globex"))); got.Code != 404 || !strings.Contains(log.String(), "level=WARN ") {
		t.Errorf("two tenants: %d %s; the log says %q", got.Code, got.Body, log.String())
	}
	// The other way round the token is what the host contradicts. Either is recorded.
	h = token(host(tenanthttp.Func(k.store, answerWhose)))
	for _, at := range []string{"acme.example.com", "no.tenant.example.com"} {
		if got := ask(h, at, bearer(a.good(t, "globex"))); got.Code != 404 {
			t.Errorf("globex's token on %s: %d %s", at, got.Code, got.Body)
		}
	}
	if n := k.refusals(t, "globex"); n != 3 {
		t.Errorf("%d records of who has proved globex, want 3", n)
	}
}

func TestAMiddlewareWithoutAStoreRefusesAllRequests(t *testing.T) {
	var none *tenant.Store
	h := tenanthttp.Middleware(none, subdomain(t), tenanthttp.Options{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a handler was reached")
	}))
	if got := ask(h, "acme.example.com"); got.Code != 500 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestWhoARequestIsIsKnownToHandlers(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	h := tenanthttp.Middleware(k.store, tenanthttp.Agree(subdomain(t), a.resolver(t)), tenanthttp.Options{})(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who, ok := tenanthttp.IdentityFrom(r.Context())
			fmt.Fprint(w, ok, " ", who.Tenant, " ", who.By, " ", who.Subject, " ", who.Verified)
		}))
	if got := ask(h, "acme.example.com", bearer(a.good(t, "acme"))); got.Body.String() != "true acme jwt ann true" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if who, ok := tenanthttp.IdentityFrom(t.Context()); ok {
		t.Errorf("of no request: %+v", who)
	}
}

func TestAMismatchTellsATenantFromANameThatIsSpeltLikeIt(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	var log bytes.Buffer
	options := tenanthttp.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	h := tenanthttp.Middleware(k.store, tenanthttp.Agree(subdomain(t), tenanthttp.Alias(k, "org", a.resolver(t))), options)(tenanthttp.Func(k.store, answerWhose))
	if got := ask(h, "acme.example.com", bearer(a.good(t, "acme"))); got.Code != 404 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if want := `the subdomain names \"acme\" and the jwt names \"acme\", which is no tenant's ID or alias`; !strings.Contains(log.String(), want) {
		t.Errorf("the log says %s, want %s", log.String(), want)
	}
}

func TestRefusalsAreLoggedByWhatTheyMeanAndWithoutCredentials(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	var log bytes.Buffer
	options := tenanthttp.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	h := tenanthttp.Middleware(k.store, tenanthttp.Agree(subdomain(t), a.resolver(t)), options)(tenanthttp.Func(k.store, answerWhose))
	good, expired := a.good(t, "acme"), a.with(t, "acme", map[string]any{"exp": 1000})
	for _, test := range []struct {
		host, token string
		want        string
	}{
		{"globex.example.com", good, `level=WARN .*the subdomain names \"globex\" and the jwt names \"acme\"`},
		{"acme.example.com", expired, "level=DEBUG .*token is expired"},
		{"ghost.example.com", "", "level=DEBUG .*no such tenant"},
		{"sick.example.com", "", "level=ERROR .*quarantined"},
	} {
		log.Reset()
		if test.token == "" {
			ask(h, test.host)
		} else {
			ask(h, test.host, bearer(test.token))
		}
		level, text, _ := strings.Cut(test.want, " .*")
		if got := log.String(); !strings.Contains(got, level) || !strings.Contains(got, text) {
			t.Errorf("%s: the log says %s, want %s", test.host, got, test.want)
		}
		if test.token != "" && strings.Contains(log.String(), test.token) {
			t.Errorf("the log has a token: %s", log.String())
		}
	}
}

func TestWhatAHandlerDoesWrongIsLoggedAsAnErrorAndThatAClientHasGoneIsNot(t *testing.T) {
	k := newKit(t)
	foreign := must[*tenant.DB](t)(k.store.Resolve(tenanttest.Context(t, "globex")))
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, test := range map[string]struct {
		ctx   context.Context
		f     func(ctx context.Context, db *tenant.DB) error
		level string
	}{
		"another tenant's handle": {t.Context(), func(ctx context.Context, _ *tenant.DB) error {
			_, err := tenant.New(foreign).ListModules(ctx, nil)
			return err
		}, "ERROR"},
		"another tenant's context": {t.Context(), func(ctx context.Context, _ *tenant.DB) error {
			_, err := tenantdb.WithTenant(ctx, foreign.Tenant())
			return err
		}, "ERROR"},
		"a client that has gone": {gone, func(ctx context.Context, db *tenant.DB) error {
			_, err := tenant.New(db).ListModules(ctx, nil)
			return err
		}, "DEBUG"},
		"a call that was ended": {t.Context(), func(ctx context.Context, db *tenant.DB) error {
			ctx, end := context.WithCancel(ctx)
			end()
			_, err := tenant.New(db).ListModules(ctx, nil)
			return err
		}, "ERROR"},
	} {
		var log bytes.Buffer
		options := tenanthttp.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
		h := tenanthttp.Middleware(k.store, subdomain(t), options)(tenanthttp.Func(k.store, func(_ http.ResponseWriter, r *http.Request, db *tenant.DB) error {
			return test.f(r.Context(), db)
		}))
		r := httptest.NewRequestWithContext(test.ctx, http.MethodGet, "/", nil)
		r.Host = "acme.example.com"
		h.ServeHTTP(httptest.NewRecorder(), r)
		if !strings.Contains(log.String(), "level="+test.level+" ") {
			t.Errorf("%s: the log says %q, want level %s", name, log.String(), test.level)
		}
	}
}
