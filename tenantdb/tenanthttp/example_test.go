package tenanthttp_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// exampleStore opens a new data folder with the tenant acme in it, which has the domain
// shop.example.
func exampleStore() (store *tenant.Store, cat *catalog.Catalog, closeAll func()) {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	cat, err1 := catalog.Open(ctx, dir)
	store, err2 := tenant.Open(ctx, dir)
	acme, err3 := tenantdb.ParseID("acme")
	if err := errors.Join(err1, err2, err3); err != nil {
		log.Fatal(err)
	}
	_, err = cat.Register(ctx, catalog.Registration{ID: acme})
	if err := errors.Join(err, cat.AddAlias(ctx, acme, "domain", "shop.example"), store.Create(ctx, acme)); err != nil {
		log.Fatal(err)
	}
	return store, cat, func() {
		if err := errors.Join(dir.Close(), os.RemoveAll(folder)); err != nil {
			log.Fatal(err)
		}
	}
}

// visit sends a request to a handler, without a network, and prints the answer.
func visit(h http.Handler, target string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	fmt.Println(w.Code, w.Body)
}

// show prints what a resolver finds in a request.
func show(by tenanthttp.Resolver, r *http.Request) {
	who, err := by.ResolveTenant(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, named by its %s, verified: %v\n", who.Tenant, who.By, who.Verified)
}

func ExampleMiddleware() {
	store, _, closeAll := exampleStore()
	defer closeAll()
	host, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		log.Fatal(err)
	}
	edge := tenanthttp.Middleware(store, host, tenanthttp.Options{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, r *http.Request) {
		id, _ := tenantdb.TenantFrom(r.Context())
		fmt.Fprint(w, "hello, ", id)
	})
	visit(edge(mux), "http://acme.example.com/hello")
	visit(edge(mux), "http://ghost.example.com/hello")
	// Output:
	// 200 hello, acme
	// 404 {"type":"urn:silo:unknown-tenant","title":"Not Found","status":404,"detail":"There is no such tenant."}
}

func ExampleFunc() {
	store, _, closeAll := exampleStore()
	defer closeAll()
	host, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		log.Fatal(err)
	}
	list := tenanthttp.Func(store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		modules, err := tenant.New(db).ListModules(r.Context(), nil)
		if err != nil {
			return err // answered by what it is
		}
		_, err = fmt.Fprint(w, len(modules), " modules")
		return err
	})
	visit(tenanthttp.Middleware(store, host, tenanthttp.Options{})(list), "http://acme.example.com/")
	// Output: 200 0 modules
}

func ExampleSubdomain() {
	by, err := tenanthttp.Subdomain("example.com", "bücher.example")
	if err != nil {
		log.Fatal(err)
	}
	show(by, httptest.NewRequest(http.MethodGet, "http://acme.example.com:8080/", nil))
	show(by, httptest.NewRequest(http.MethodGet, "http://acme.xn--bcher-kva.example/", nil))
	show(by, httptest.NewRequest(http.MethodGet, "http://example.com/", nil))
	// Output:
	// acme, named by its subdomain, verified: false
	// acme, named by its subdomain, verified: false
	// the request names no tenant
}

func ExampleExcept() {
	all, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		log.Fatal(err)
	}
	by, err := tenanthttp.Except(all, "www.example.com")
	if err != nil {
		log.Fatal(err)
	}
	show(by, httptest.NewRequest(http.MethodGet, "http://www.example.com/", nil))
	// Output: the request names no tenant
}

func ExamplePathPrefix() {
	by, err := tenanthttp.PathPrefix("/t/")
	if err != nil {
		log.Fatal(err)
	}
	show(by, httptest.NewRequest(http.MethodGet, "/t/acme/notes", nil)) // handlers see /notes
	show(by, httptest.NewRequest(http.MethodGet, "/t/acme/%2e%2e/globex", nil))
	// Output:
	// acme, named by its path, verified: false
	// the request is malformed: the path has segments of dots
}

func ExampleHeader() {
	by, err := tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(netip.MustParsePrefix("10.0.0.7/32")))
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Tenant", "acme")
	r.RemoteAddr = "10.0.0.7:40000"
	show(by, r)
	r.RemoteAddr = "203.0.113.9:40000"
	show(by, r)
	// Output:
	// acme, named by its header X-Tenant, verified: true
	// the tenant is not the request's: header X-Tenant comes from 203.0.113.9:40000, which is no trusted proxy
}

func ExampleProxiesAt() {
	proxy := netip.MustParsePrefix("10.0.0.7/32") // of the proxy alone, not of its network
	_, err := tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(proxy))
	fmt.Println(err)
	_, err = tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt())
	fmt.Println(err)
	// Output:
	// <nil>
	// tenanthttp: no proxy is trusted to set X-Tenant; say whose word counts with ProxiesAt or OnlyProxiesConnect
}

func ExampleOnlyProxiesConnect() {
	// The server listens at a Unix socket that the proxy alone may open.
	by, err := tenanthttp.Header("X-Tenant", tenanthttp.OnlyProxiesConnect())
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Tenant", "acme")
	r.RemoteAddr = "@"
	show(by, r)
	// Output: acme, named by its header X-Tenant, verified: true
}

func ExampleHost() {
	who, err := tenanthttp.Host().ResolveTenant(httptest.NewRequest(http.MethodGet, "https://Shop.Example:8443/", nil))
	fmt.Println(who.Name, who.Tenant.IsZero(), err) // a name for Alias, and nobody's ID
	// Output: shop.example true <nil>
}

func ExampleAlias() {
	_, cat, closeAll := exampleStore()
	defer closeAll()
	by := tenanthttp.Alias(cat, "domain", tenanthttp.Host())
	show(by, httptest.NewRequest(http.MethodGet, "https://Shop.Example/", nil))
	// Output: acme, named by its host, verified: false
}

func ExampleCanonicalHost() {
	fmt.Println(tenanthttp.CanonicalHost("Bücher.Example.")) // store this as the alias
	// Output: xn--bcher-kva.example <nil>
}

// session is an application's own way of knowing the tenant.
func session(r *http.Request) (tenanthttp.Identity, error) {
	cookie, err := r.Cookie("session")
	if err != nil {
		return tenanthttp.Identity{}, tenanthttp.ErrUnnamed
	}
	if cookie.Value != "a session of ann's" {
		return tenanthttp.Identity{}, tenanthttp.ErrUnauthenticated
	}
	acme, err := tenantdb.ParseID("acme")
	return tenanthttp.Identity{Tenant: acme, Verified: true, By: "session", Subject: "ann"}, err
}

func ExampleAgree() {
	host, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		log.Fatal(err)
	}
	by := tenanthttp.Agree(host, tenanthttp.ResolverFunc(session))
	r := httptest.NewRequest(http.MethodGet, "http://acme.example.com/", nil)
	r.AddCookie(&http.Cookie{Name: "session", Value: "a session of ann's", Quoted: true})
	show(by, r)
	r.Host, r.URL.Host = "globex.example.com", ""
	show(by, r)
	// Output:
	// acme, named by its session, verified: true
	// the tenant is not the request's: the subdomain names "globex" and the session names "acme"
}

func ExampleFirst() {
	host, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		log.Fatal(err)
	}
	path, err := tenanthttp.PathPrefix("/t/")
	if err != nil {
		log.Fatal(err)
	}
	by := tenanthttp.First(path, host)
	show(by, httptest.NewRequest(http.MethodGet, "http://acme.example.com/", nil))
	// Output: acme, named by its subdomain, verified: false
}

func ExampleVerified() {
	host, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		log.Fatal(err)
	}
	by := tenanthttp.Verified(tenanthttp.Agree(host, tenanthttp.ResolverFunc(session)))
	show(by, httptest.NewRequest(http.MethodGet, "http://acme.example.com/", nil))
	// Output: the credential is not valid: the subdomain alone proves nothing
}

func ExampleResolverFunc() {
	by := tenanthttp.ResolverFunc(session)
	show(by, httptest.NewRequest(http.MethodGet, "/", nil))
	// Output: the request names no tenant
}

func ExampleBearer() {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Add("Authorization", "Bearer abc")
	fmt.Println(tenanthttp.Bearer(r))
	r.Header.Add("Authorization", "Bearer def")
	_, err := tenanthttp.Bearer(r)
	fmt.Println(err)
	// Output:
	// abc <nil>
	// the request is malformed: the header Authorization is there 2 times
}

func ExampleIdentityFrom() {
	store, _, closeAll := exampleStore()
	defer closeAll()
	h := tenanthttp.Middleware(store, tenanthttp.ResolverFunc(session), tenanthttp.Options{})(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who, _ := tenanthttp.IdentityFrom(r.Context())
			ctx := catalog.WithActor(r.Context(), who.Subject) // for what the handler has the catalog record
			fmt.Fprint(w, catalog.ActorFrom(ctx), " of ", who.Tenant)
		}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "session", Value: "a session of ann's", Quoted: true})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Body)
	// Output: ann of acme
}

func ExampleProblemOf() {
	err := &tenantdb.Error{Op: "write", Path: "/data/tenants/acme.db", Err: tenantdb.ErrDiskFull}
	fmt.Printf("%+v\n", tenanthttp.ProblemOf(err))
	fmt.Println(tenanthttp.ProblemOf(fmt.Errorf("%w", &tenanthttp.Problem{Status: http.StatusPaymentRequired, Detail: "The trial is over."})).Detail)
	// Output:
	// {Type:urn:silo:full Title:Insufficient Storage Status:507 Detail: RetryAfter:0s}
	// The trial is over.
}

func ExampleAnswer() {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	tenanthttp.Answer(w, r, tenanthttp.Problem{Status: http.StatusTeapot})
	fmt.Println(w.Code, w.Header().Get("Content-Type"), w.Body)
	// Output: 418 application/problem+json {"title":"I'm a teapot","status":418}
}
