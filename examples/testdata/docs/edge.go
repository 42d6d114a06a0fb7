package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"example.com/notes/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

// edgeOfDocs serves until it fails.
func edgeOfDocs(ctx context.Context, addr string, store *tenant.Store, cat *catalog.Catalog, mux *http.ServeMux, logger *slog.Logger) error {
	// docs/edge.md 1
	return err
}

// sessions are known by their cookie.
type sessions map[string]struct {
	tenant tenantdb.ID
	user   string
}

func (s sessions) Find(cookie string) (tenant tenantdb.ID, user string, ok bool) {
	found, ok := s[cookie]
	return found.tenant, found.user, ok
}

func sessionOfDocs(cat *catalog.Catalog, token tenanthttp.Resolver, sessions sessions) tenanthttp.Resolver {
	// docs/edge.md 2
	return who
}

func provisionOfDocs(manager *lifecycle.Manager[tenant.Schema]) tenanthttp.Options {
	return tenanthttp.Options{
		// docs/edge.md 3
	}
}

func provisionWithAliasOfDocs(manager *lifecycle.Manager[tenant.Schema]) tenanthttp.Options {
	return tenanthttp.Options{
		// docs/edge.md 4
	}
}
