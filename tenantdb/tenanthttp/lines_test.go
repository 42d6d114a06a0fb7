package tenanthttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// kept counts what is recorded.
type kept int

func (k *kept) Record(context.Context, catalog.Entry) error {
	*k++
	return nil
}

func TestAFloodOfRefusedRequestsIsALineASecondAndHidesNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		header, err := Header("X-Tenant", ProxiesAt(netip.MustParsePrefix("10.0.0.7/32")))
		if err != nil {
			t.Fatal(err)
		}
		host, err := Subdomain("example.com")
		if err != nil {
			t.Fatal(err)
		}
		acme, err := tenantdb.ParseID("acme")
		if err != nil {
			t.Fatal(err)
		}
		token := ResolverFunc(func(r *http.Request) (Identity, error) {
			if r.Header.Get("Authorization") == "" {
				return Identity{}, ErrUnnamed
			}
			return Identity{Tenant: acme, Verified: true, By: "test"}, nil
		})
		var log bytes.Buffer
		var recorded kept
		down := false
		e := &edge{resolver: First(header, Agree(host, token)), admit: func(context.Context) error {
			if down {
				return errors.New("the disk failed")
			}
			return nil
		}, options: Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Audit: &recorded}.withDefaults()}
		h := e.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a handler was reached") }))
		ask := func(host, name string) {
			r := httptest.NewRequest(http.MethodGet, "http://"+host+".example.com/", nil)
			r.Header.Set(name, "acme")
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
		want := func(when string, lines ...string) {
			t.Helper()
			got := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
			if len(got) != len(lines) {
				t.Fatalf("%s: %d lines, want %d: %s", when, len(got), len(lines), log.String())
			}
			for i, text := range lines {
				unlogged := strings.Contains(got[i], "unlogged=")
				if !strings.Contains(got[i], text) || unlogged != strings.Contains(text, "unlogged=") {
					t.Errorf("%s: %s; want %s", when, got[i], text)
				}
			}
			log.Reset()
		}
		for range 1000 {
			ask("acme", "X-Tenant")
		}
		want("a flood of headers", "no trusted proxy")
		for i := range 1000 {
			ask(fmt.Sprint("n", i), "Authorization")
		}
		want("a token on many hosts", `the test names \"acme\"`)
		if recorded != mostOfOne {
			t.Errorf("%d were recorded, want %d", recorded, mostOfOne)
		}
		down = true
		for range 1000 {
			ask("acme", "Authorization")
		}
		want("a fault of the service", "level=ERROR")
		time.Sleep(time.Second)
		for range 3 {
			ask("acme", "X-Tenant")
			ask("globex", "Authorization")
			ask("acme", "Authorization")
		}
		want("a second later", "unlogged=999", "unlogged=999", "unlogged=999")
		time.Sleep(time.Second)
		ask("acme", "X-Tenant")
		want("another later", "unlogged=2")
		time.Sleep(time.Second)
		ask("acme", "X-Tenant")
		want("when the flood is over", "no trusted proxy")
	})
}

func TestAtLevelDebugEachRequestHasItsLine(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	nobody := ResolverFunc(func(*http.Request) (Identity, error) { return Identity{}, ErrUnauthenticated })
	e := &edge{resolver: nobody, options: Options{Logger: logger}.withDefaults()}
	h := e.around(nil)
	for range 3 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}
	if n := strings.Count(log.String(), "level=DEBUG"); n != 3 {
		t.Errorf("%d lines: %s", n, log.String())
	}
}
