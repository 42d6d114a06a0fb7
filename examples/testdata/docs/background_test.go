package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"example.com/notes/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestBackgroundOfDocs(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme, _ := kit.Two()
	ctx, end := context.WithCancel(acme.Context)
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	var work sync.WaitGroup
	detachOfDocs(r, kit.Store, &work, slog.Default())
	end()
	work.Wait()
	notes, err := tenant.New(acme.DB).ListNotes(acme.Context, 10)
	if err != nil || len(notes) != 1 {
		t.Errorf("the request has left behind %v, %v; want a note", notes, err)
	}
}

func TestPoolOfDocs(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store, err := tenant.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(tenanttest.Context(t, "acme"), http.MethodGet, "/", nil)
	report := func(_ context.Context, err error) { t.Error(err) }
	if err := poolOfDocs(t.Context(), r, dir, store, report); err != nil {
		t.Error(err)
	}
}

func TestJobOfDocs(t *testing.T) {
	for payload, want := range map[string]error{
		`{"tenant": "acme", "month": "2026-03"}`: nil,
		`{"tenant": "../acme"}`:                  tenantdb.ErrBadID,
		`{"tenant": ""}`:                         tenantdb.ErrBadID,
	} {
		var j job
		if err := json.Unmarshal([]byte(payload), &j); !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v; want %v", payload, j, err, want)
		}
	}
	if text, err := json.Marshal(job{}); err == nil {
		t.Errorf("the zero ID is %s; want an error", text)
	}
}
