package tenanthttp_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAHandlerWithoutAMiddlewareIsNotCalled(t *testing.T) {
	k := newKit(t)
	h := tenanthttp.Func(k.store, func(http.ResponseWriter, *http.Request, *tenant.DB) error {
		t.Error("the handler was called")
		return nil
	})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, ctx := range []context.Context{t.Context(), tenanttest.Context(t, "acme")} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(ctx))
		if w.Code != 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}

func TestWhatAHandlerFailsWithIsAnsweredUnlessItHasBegunToAnswer(t *testing.T) {
	k := newKit(t)
	var log bytes.Buffer
	options := tenanthttp.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	failure := errors.New("the disk of acme.db is on fire")
	tests := []struct {
		name   string
		handle func(w http.ResponseWriter, r *http.Request) error
		status int
		body   string
	}{
		{"nothing", func(http.ResponseWriter, *http.Request) error { return nil }, 200, ""},
		{"an error", func(http.ResponseWriter, *http.Request) error { return failure }, 500, `{"title":"Internal Server Error","status":500}` + "\n"},
		{"headers, and an error", func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("Content-Encoding", "gzip")
			return failure
		}, 500, `{"title":"Internal Server Error","status":500}` + "\n"},
		{"early hints, and an error", func(w http.ResponseWriter, _ *http.Request) error {
			w.WriteHeader(http.StatusEarlyHints)
			return failure
		}, 500, `{"title":"Internal Server Error","status":500}` + "\n"},
		{"a status, and an error", func(w http.ResponseWriter, _ *http.Request) error {
			w.WriteHeader(http.StatusAccepted)
			return failure
		}, 202, ""},
		{"a part, and an error", func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "a part")
			return errors.Join(err, failure)
		}, 200, "a part"},
		{"a copy, and an error", func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.Copy(w, io.LimitReader(strings.NewReader("a copy of it"), 6))
			return errors.Join(err, failure)
		}, 200, "a copy"},
		{"a copy that fails at its beginning", func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.Copy(w, io.MultiReader(iotest.ErrReader(failure)))
			return err
		}, 500, `{"title":"Internal Server Error","status":500}` + "\n"},
		{"a flush, and an error", func(w http.ResponseWriter, _ *http.Request) error {
			w.(http.Flusher).Flush()
			return failure
		}, 200, ""},
		{"a flush by the controller", func(w http.ResponseWriter, _ *http.Request) error {
			return errors.Join(http.NewResponseController(w).Flush(), failure)
		}, 200, ""},
		{"a deadline by the controller", func(w http.ResponseWriter, _ *http.Request) error {
			return http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
		}, 200, ""},
		{"a connection that is taken over", func(w http.ResponseWriter, _ *http.Request) error {
			conn, buffer, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return err
			}
			_, err = buffer.WriteString("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 3\r\n\r\ntea")
			return errors.Join(err, buffer.Flush(), conn.Close(), failure)
		}, 418, "tea"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log.Reset()
			handler := tenanthttp.Func(k.store, func(w http.ResponseWriter, r *http.Request, _ *tenant.DB) error { return test.handle(w, r) })
			returned := make(chan struct{})
			s := k.serveHandler(t, subdomain(t), options, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(returned)
				handler.ServeHTTP(w, r)
			}))
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = "acme.example.com"
			response, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || string(body) != test.body {
				t.Errorf("%d %q, %v; want %d %q", response.StatusCode, body, err, test.status, test.body)
			}
			<-returned
			if failed := strings.Contains(log.String(), "on fire"); failed != !strings.HasPrefix(test.name, "nothing") && !strings.HasPrefix(test.name, "a deadline") {
				t.Errorf("the log says %s", log.String())
			}
		})
	}
}

func TestAWriterThatCannotBeTakenOverDoesNotSaySo(t *testing.T) {
	k := newKit(t)
	h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, func(w http.ResponseWriter, _ *http.Request, _ *tenant.DB) error {
		_, ok := w.(http.Hijacker)
		fmt.Fprint(w, ok)
		return nil
	}))
	if got := ask(h, "acme.example.com"); got.Body.String() != "false" { // a recorder is none
		t.Errorf("%s", got.Body)
	}
}

// stubborn is a writer that says that it can be taken over, and cannot; nor can it flush.
type stubborn struct{ http.ResponseWriter }

func (stubborn) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, http.ErrNotSupported }

func TestWhatTheServersWriterCannotDoDoesNotBeginTheAnswer(t *testing.T) {
	k := newKit(t)
	for name, try := range map[string]func(w http.ResponseWriter) error{
		"a connection that is not given": func(w http.ResponseWriter) error {
			_, _, err := w.(http.Hijacker).Hijack()
			return err
		},
		"a flush that is not possible": func(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() },
	} {
		h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, func(w http.ResponseWriter, _ *http.Request, _ *tenant.DB) error { return try(w) }))
		r := httptest.NewRequest(http.MethodGet, "http://acme.example.com/", nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(stubborn{struct{ http.ResponseWriter }{w}}, r)
		if w.Code != 500 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// slow is a logger that keeps the first migration from going on.
type slow struct {
	slog.Handler
	begun, released chan struct{}
}

func (*slow) Enabled(context.Context, slog.Level) bool { return true }

func (s *slow) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "tenantdb: migrated" {
		close(s.begun)
		<-s.released
	}
	return nil
}

func TestAMigrationThatTakesTooLongIsAnsweredAndGoesOn(t *testing.T) {
	folder := t.TempDir()
	before := must[*tenantdb.Dir](t)(tenantdb.Open(t.Context(), tenantdb.Options{Path: folder}))
	old := must[*tenantdb.Store[tenantdb.RuntimeSchema]](t)(tenantdb.OpenRuntimeStore(t.Context(), before, "tenant", firstMigration(t)))
	if err := errors.Join(old.Create(t.Context(), tenanttest.ID(t, "acme")), before.Close()); err != nil {
		t.Fatal(err)
	}
	hold := &slow{Handler: slog.DiscardHandler, begun: make(chan struct{}), released: make(chan struct{})}
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder, Logger: slog.New(hold)})
	store := must[*tenant.Store](t)(tenant.Open(t.Context(), dir))
	h := tenanthttp.Middleware(store, subdomain(t), tenanthttp.Options{Wait: time.Nanosecond})(tenanthttp.Func(store, answerWhose))
	got := ask(h, "acme.example.com")
	if got.Code != 503 || got.Header().Get("Retry-After") != "5" {
		t.Errorf("%d %v %s", got.Code, got.Header(), got.Body)
	}
	<-hold.begun
	close(hold.released)
	patient := tenanthttp.Middleware(store, subdomain(t), tenanthttp.Options{Wait: time.Minute})(tenanthttp.Func(store, answerWhose))
	if got := ask(patient, "acme.example.com"); got.Code != 200 || dir.Stats().Migrated != 1 {
		t.Errorf("%d %s, %+v", got.Code, got.Body, dir.Stats())
	}
	if err := dir.Close(); err != nil { // it joins the opening, which may have the tenant in use still
		t.Error(err)
	}
}

func TestAFileThatIsDamagedIsTheServicesFaultAndNamesNothing(t *testing.T) {
	k := newKit(t)
	damage(t, k.dir, "broken")
	if _, err := k.catalog.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, "broken")}); err != nil {
		t.Fatal(err)
	}
	s := k.serve(t, subdomain(t), tenanthttp.Options{})
	got := s.send(t, get("/", "Host: broken.example.com"))
	if got.status != 500 {
		t.Errorf("%+v", got)
	}
	wantDiscreet(t, k, got)
	if got := s.send(t, get("/", "Host: acme.example.com")); got.status != 200 {
		t.Errorf("another tenant: %+v", got)
	}
}
