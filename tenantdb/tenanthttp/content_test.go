package tenanthttp_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// What a handler has said of a page that it then could not send is not said of the error.
func TestAnErrorHasNothingOfTheContentThatWasToBeSent(t *testing.T) {
	k := newKit(t)
	content := []string{
		"ETag", "Last-Modified", "Cache-Control", "Expires", "Age", "Content-Length", "Content-Encoding", "Content-Range", "Content-Disposition",
		"Content-Language", "Content-Location", "Accept-Ranges", "Trailer", "Digest", "Content-Type",
	}
	fail := tenanthttp.Func(k.store, func(w http.ResponseWriter, _ *http.Request, _ *tenant.DB) error {
		for _, name := range content {
			w.Header().Set(name, "stale")
		}
		w.Header().Set("X-Request-Id", "7")
		return tenantdb.ErrConstraint
	})
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, tenanthttp.Problem){
		"the package's":     nil,
		"the application's": func(w http.ResponseWriter, _ *http.Request, p tenanthttp.Problem) { w.WriteHeader(p.Status) },
	} {
		got := ask(tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{Answer: answer})(fail), "acme.example.com")
		if got.Code != 409 || got.Header().Get("X-Request-Id") != "7" {
			t.Errorf("%s answer: %d %v", name, got.Code, got.Header())
		}
		for _, header := range content {
			if slices.Contains(got.Header().Values(header), "stale") {
				t.Errorf("%s answer has the content's %s", name, header)
			}
		}
	}
}

func TestAnAnswerThatCouldNotBeBegunIsTheErrors(t *testing.T) {
	k := newKit(t)
	failure := errors.New("no answer from the other service")
	for name, handle := range map[string]func(w http.ResponseWriter) error{
		"a copy of what cannot be read": func(w http.ResponseWriter) error {
			_, err := io.Copy(w, iotest.ErrReader(failure))
			return err
		},
		"a flush where there is none": func(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() },
		"a connection that cannot be taken over": func(w http.ResponseWriter) error {
			_, _, err := http.NewResponseController(w).Hijack()
			return err
		},
		"a type that says so": func(w http.ResponseWriter) error {
			_, flusher := w.(http.Flusher)
			_, hijacker := w.(http.Hijacker)
			if flusher || hijacker {
				return &tenanthttp.Problem{Title: fmt.Sprint("flusher: ", flusher, ", hijacker: ", hijacker), Status: http.StatusTeapot}
			}
			return failure
		},
	} {
		h := tenanthttp.Func(k.store, func(w http.ResponseWriter, _ *http.Request, _ *tenant.DB) error { return handle(w) })
		s := k.serveHandler(t, subdomain(t), tenanthttp.Options{}, http.TimeoutHandler(h, time.Minute, "")) // whose writer can neither
		if got := s.send(t, get("/", "Host: acme.example.com")); got.status != 500 || !strings.Contains(got.body, "Internal Server Error") {
			t.Errorf("%s: %d %q", name, got.status, got.body)
		}
	}
}

// around is a writer as middlewares put it around another.
type around struct{ http.ResponseWriter }

func (a around) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func TestAWriterIsLookedForAsAControllerDoes(t *testing.T) {
	k := newKit(t)
	h := tenanthttp.Func(k.store, func(w http.ResponseWriter, _ *http.Request, _ *tenant.DB) error {
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return err
		}
		_, err = buffer.WriteString("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 3\r\n\r\ntea")
		return errors.Join(err, buffer.Flush(), conn.Close(), errors.New("and now this"))
	})
	said := false
	s := k.serveHandler(t, subdomain(t), tenanthttp.Options{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(noticed{around{w}, &said}, r)
	}))
	if got := s.send(t, get("/", "Host: acme.example.com")); got.status != 418 || got.body != "tea" {
		t.Errorf("%d %q", got.status, got.body)
	}
	s.Close()
	if said {
		t.Error("an answer was written to a connection that was taken over")
	}
}

// noticed notices whether an answer is begun.
type noticed struct {
	around
	said *bool
}

func (n noticed) WriteHeader(status int) {
	*n.said = true
	n.around.WriteHeader(status)
}

func TestARecorderCanBeFlushed(t *testing.T) {
	k := newKit(t)
	h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, func(w http.ResponseWriter, _ *http.Request, _ *tenant.DB) error {
		w.(http.Flusher).Flush()
		return errors.New("too late")
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "acme.example.com"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 200 || !w.Flushed {
		t.Errorf("%d, flushed %v", w.Code, w.Flushed)
	}
}
