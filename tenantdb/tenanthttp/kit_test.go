package tenanthttp_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// kit is a data folder with tenants in all states.
type kit struct {
	dir     *tenantdb.Dir
	catalog *catalog.Catalog
	store   *tenant.Store
	admits  atomic.Int64 // how often a tenant was looked for
	aliases atomic.Int64 // how often a name was looked up
}

// Tenants in each state; the first two are active and have a row of their own.
var states = map[string]catalog.Change{
	"acme":     {State: catalog.Active},
	"globex":   {State: catalog.Active},
	"unpaid":   {State: catalog.Suspended, Reason: "unpaid since May"},
	"readonly": {State: catalog.Suspended, Suspension: catalog.ReadOnly, Reason: "moving house"},
	"half":     {State: catalog.Creating},
	"leaving":  {State: catalog.Deleting},
	"gone":     {State: catalog.Deleted},
	"sick":     {State: catalog.Quarantined},
}

func newKit(t testing.TB) *kit {
	t.Helper()
	dir := tenanttest.Dir(t, tenantdb.Options{})
	cat, err := catalog.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenant.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{dir: dir, catalog: cat, store: store}
	for name, change := range states {
		k.make(t, name, change)
	}
	return k
}

// make registers a tenant, with a file and a row that has its name, and puts it into a state.
func (k *kit) make(t testing.TB, name string, change catalog.Change) {
	t.Helper()
	id := tenanttest.ID(t, name)
	registered, err := k.catalog.Register(t.Context(), catalog.Registration{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	k.file(t, name)
	if change.State != catalog.Active {
		_, err = k.catalog.SetState(t.Context(), id, registered.Generation, change)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// file makes a tenant's file, with a row in it that has its name.
func (k *kit) file(t testing.TB, name string) {
	t.Helper()
	if err := k.store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, name)
	db, err := k.store.Resolve(ctx)
	if err == nil {
		_, err = tenant.New(db).CreateModule(ctx, tenant.CreateModuleParams{ID: name, Slug: name, Name: name})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// LookupAlias counts, and asks the catalog.
func (k *kit) LookupAlias(ctx context.Context, kind, value string) (tenantdb.ID, error) {
	k.aliases.Add(1)
	return k.catalog.LookupAlias(ctx, kind, value)
}

// serve serves a handler that answers with the tenant, the names in its database, and the path
// that it sees, behind a middleware.
func (k *kit) serve(t testing.TB, resolver tenanthttp.Resolver, options tenanthttp.Options) *server {
	t.Helper()
	return k.serveHandler(t, resolver, options, tenanthttp.Func(k.store, answerWhose))
}

func (k *kit) serveHandler(t testing.TB, resolver tenanthttp.Resolver, options tenanthttp.Options, handler http.Handler) *server {
	t.Helper()
	s := &server{}
	edge := tenanthttp.Counting(k.store, resolver, options, &k.admits)
	s.Server = httptest.NewServer(edge(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.reached.Add(1)
		handler.ServeHTTP(w, r)
	})))
	t.Cleanup(s.Close)
	return s
}

func answerWhose(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
	modules, err := tenant.New(db).ListModules(r.Context(), nil)
	if err != nil {
		return err
	}
	id, _ := tenantdb.TenantFrom(r.Context())
	fmt.Fprintf(w, "%s %s", id, db.Tenant())
	for _, m := range modules {
		fmt.Fprintf(w, " %s", m.Slug)
	}
	fmt.Fprintf(w, " %s", r.URL.EscapedPath())
	return nil
}

// server is a service that counts the requests that reach its handler.
type server struct {
	*httptest.Server
	reached atomic.Int64
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a request as it is written, byte by byte, and returns the answer.
func (s *server) send(t testing.TB, request string) answer {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var sent sync.WaitGroup
	defer sent.Wait()
	sent.Go(func() { _, _ = io.WriteString(conn, request) }) // the server may close before it has read all
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Header.Del("Date")
	return answer{response.StatusCode, response.Header, string(body)}
}

// get is a request of HTTP/1.1 with header lines.
func get(target string, lines ...string) string {
	return "GET " + target + " HTTP/1.1\r\n" + strings.Join(append(lines, "Connection: close"), "\r\n") + "\r\n\r\n"
}

// must returns the value, or fails the test.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// firstMigration is the schema of the tenants as it was at first.
func firstMigration(t testing.TB) fs.FS {
	t.Helper()
	const name = "00001_modules_and_config.sql"
	text, err := fs.ReadFile(schema.Tenant, "tenant/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{name: {Data: text}}
}

// damage puts a file that is no database in the place of a tenant's, and takes it away at the
// end of the test, which would find that it is none.
func damage(t testing.TB, dir *tenantdb.Dir, name string) {
	t.Helper()
	path := filepath.Join(dir.Path(), "tenants", name+".db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no database"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	})
}
