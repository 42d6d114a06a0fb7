package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"

	"github.com/silokit/silo/examples/service/gen/global"
	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/config"
	"github.com/silokit/silo/examples/service/internal/totals"
)

// service is the whole of the handlers on a folder of the test's own, with the tenants acme and
// globex. Requests say in the header Tenant whose they are: who may say so is the edge's to
// decide, and is tested in cmd/service.
type service struct {
	http.Handler
	dir    *tenantdb.Dir
	totals *totals.Totals
	health *Health
	finish func() // waits for what goes on in the background
}

func newService(t *testing.T) *service {
	t.Helper()
	dir := tenanttest.Dir(t, tenantdb.Options{})
	cat, err1 := catalog.Open(t.Context(), dir)
	store, err2 := tenant.Open(t.Context(), dir)
	db, err3 := global.Open(t.Context(), dir)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"acme", "globex"} {
		id := tenanttest.ID(t, name)
		_, err := cat.Register(t.Context(), catalog.Registration{ID: id})
		if err := errors.Join(err, store.Create(t.Context(), id)); err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	queries := global.New(db)
	counts, finish, err := totals.New(t.Context(), store, queries, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(finish)
	s := &service{dir: dir, totals: counts, health: NewHealth(dir, queries, log), finish: finish}
	s.Handler = New(config.Config{MaxBody: 1 << 10}, store, cat, tenanthttp.ResolverFunc(fromHeader), counts, s.health, log)
	return s
}

func fromHeader(r *http.Request) (tenanthttp.Identity, error) {
	id, err := tenantdb.ParseID(r.Header.Get("Tenant"))
	if err != nil {
		return tenanthttp.Identity{}, tenanthttp.ErrUnnamed
	}
	return tenanthttp.Identity{Tenant: id, By: "test"}, nil
}

// call sends a request and requires the status. It returns the answer.
func (s *service) call(t *testing.T, tenant, method, path, body string, status int) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Tenant", tenant)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != status {
		t.Errorf("%s %s of %q: status %d, want %d: %s", method, path, tenant, w.Code, status, w.Body)
	}
	return w.Body.String()
}

func TestATenantSeesItsOwnNotesAlone(t *testing.T) {
	s := newService(t)
	added := s.call(t, "acme", "POST", "/notes", `{"body": "hello"}`, http.StatusCreated)
	if !strings.HasPrefix(added, `{"id":1,"body":"hello","created_at":"`) {
		t.Errorf("added: %s", added)
	}
	if got := s.call(t, "acme", "GET", "/notes", "", http.StatusOK); !strings.Contains(got, "hello") {
		t.Errorf("the notes of acme: %s", got)
	}
	if got, want := s.call(t, "globex", "GET", "/notes", "", http.StatusOK), "[]\n"; got != want {
		t.Errorf("the notes of globex: %s, want %s", got, want)
	}
	s.call(t, "globex", "DELETE", "/notes/1", "", http.StatusNotFound)
	s.call(t, "acme", "DELETE", "/notes/1", "", http.StatusNoContent)
	s.call(t, "acme", "DELETE", "/notes/1", "", http.StatusNotFound)
}

func TestWhatIsNotToBeUnderstoodIsRefused(t *testing.T) {
	s := newService(t)
	for _, test := range []struct {
		name, tenant, method, path, body string
		status                           int
	}{
		{"no tenant", "", "GET", "/notes", "", http.StatusBadRequest},
		{"an unknown tenant", "initech", "GET", "/notes", "", http.StatusNotFound},
		{"an unknown path", "acme", "GET", "/note", "", http.StatusNotFound},
		{"no JSON", "acme", "POST", "/notes", "hello", http.StatusBadRequest},
		{"an unknown field", "acme", "POST", "/notes", `{"body": "hello", "tenant": "globex"}`, http.StatusBadRequest},
		{"two values", "acme", "POST", "/notes", `{"body": "a"} {"body": "b"}`, http.StatusBadRequest},
		{"more behind the value", "acme", "POST", "/notes", `{"body": "a"}}`, http.StatusBadRequest},
		{"no text", "acme", "POST", "/notes", `{"body": " "}`, http.StatusUnprocessableEntity},
		{"too large", "acme", "POST", "/notes", `{"body": "` + strings.Repeat("a", 2<<10) + `"}`, http.StatusRequestEntityTooLarge},
		{"too large behind the value", "acme", "POST", "/notes", `{"body": "a"}` + strings.Repeat(" ", 2<<10), http.StatusRequestEntityTooLarge},
		{"no number", "acme", "DELETE", "/notes/one", "", http.StatusNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.call(t, test.tenant, test.method, test.path, test.body, test.status)
		})
	}
}

func TestWhatIsWrongWithABodyIsSaidInItsOwnWords(t *testing.T) {
	type parts struct {
		Title string     `json:"title"`
		Stars int        `json:"stars"`
		Tags  []string   `json:"tags"`
		Due   *time.Time `json:"due"`
		At    netip.Addr `json:"at"`
		File  []byte     `json:"file"`
		Of    struct {
			Done bool `json:"done"`
		} `json:"of"`
	}
	for body, want := range map[string]string{
		`{"title": 1}`:           `The field "title" is to be a string, and is a number.`,
		`{"stars": "five"}`:      `The field "stars" is to be a whole number, and is a string.`,
		`{"stars": 1.5}`:         `The field "stars" is to be a whole number, and is 1.5.`,
		`{"tags": {}}`:           `The field "tags" is to be an array, and is an object.`,
		`{"of": {"done": "no"}}`: `The field "of.done" is to be true or false, and is a string.`,
		`{"due": "tomorrow"}`:    `A time is to be written as 2026-03-01T12:00:00Z is.`,
		`{"due": 5}`:             `A time is to be written as 2026-03-01T12:00:00Z is.`,
		`{"at": 5}`:              `The field "at" is to be a string, and is a number.`,
		`{"file": {}}`:           `The field "file" is to be a string, and is an object.`,
		`{"at": "nowhere"}`:      `The body has a value of another form than is wanted.`,
		`[]`:                     `The body is to be an object, and is an array.`,
		`true`:                   `The body is to be an object, and is true or false.`,
		`{"tenant": "globex"}`:   `There is no field "tenant".`,
		`{"title": }`:            `The body is no JSON: invalid character '}' looking for beginning of value, at byte 11.`,
		``:                       `The body is empty.`,
		`{"title": "a"`:          `The body ends within its JSON value.`,
		`{} {}`:                  `The body has more behind its JSON value.`,
		`{}}`:                    `The body has more behind its JSON value.`,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		var problem *tenanthttp.Problem
		if err := read(r, new(parts)); !errors.As(err, &problem) || problem.Status != http.StatusBadRequest || problem.Detail != want {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
}

func TestTotalsOfAllTenantsAreReadFromTheGlobalDatabase(t *testing.T) {
	s := newService(t)
	for _, name := range []string{"acme", "globex", "acme"} {
		s.call(t, name, "POST", "/notes", `{"body": "hello"}`, http.StatusCreated)
	}
	s.finish()
	rows, err := s.totals.After(context.Background(), tenantdb.ID{}, 10)
	if err != nil || len(rows) != 2 || rows[0].TenantID != "acme" || rows[0].Notes != 2 || rows[1].TenantID != "globex" || rows[1].Notes != 1 {
		t.Errorf("the totals are %v, %v; want 2 of acme and 1 of globex", rows, err)
	}
}

func TestAServiceThatDrainsIsAliveAndNotReady(t *testing.T) {
	s := newService(t)
	s.call(t, "", "GET", "/healthz", "", http.StatusNoContent)
	s.call(t, "", "GET", "/readyz", "", http.StatusNoContent)
	s.health.Drain()
	s.call(t, "", "GET", "/healthz", "", http.StatusNoContent)
	s.call(t, "", "GET", "/readyz", "", http.StatusServiceUnavailable)
}

func TestAServiceWhoseFolderIsGoneIsAliveAndNotReady(t *testing.T) {
	s := newService(t)
	file := filepath.Join(s.dir.Path(), "global.db")
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	s.call(t, "", "GET", "/healthz", "", http.StatusNoContent)
	s.call(t, "", "GET", "/readyz", "", http.StatusServiceUnavailable)
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	s.call(t, "", "GET", "/readyz", "", http.StatusNoContent)
}
