package edge

import (
	"context"
	"log/slog"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// Config are the settings of the edge. There are none: keys are in the catalog.
type Config struct{}

// Check returns what of the settings is missing or wrong, before anything is opened by them: nothing.
func (Config) Check() error { return nil }

// New returns the resolver: a request is that tenant's whose API key it has, as a bearer
// token. Keys are made, exchanged and revoked by `service tenants keys`.
func New(_ context.Context, _ Config, cat *catalog.Catalog, _ *slog.Logger) (tenanthttp.Resolver, func(), error) {
	return tenanthttp.Verified(tenanthttp.APIKey(cat)), func() {}, nil
}

// Grant returns access to a tenant, by a new key, to develop with. It is good for 30 days.
func Grant(ctx context.Context, _ Config, cat *catalog.Catalog, id tenantdb.ID, addr string) (Access, error) {
	key, err := cat.CreateKey(ctx, catalog.KeyRequest{Tenant: id, Label: "development", ExpiresAt: time.Now().AddDate(0, 0, 30)})
	if err != nil {
		return Access{}, err
	}
	return Access{Tenant: id, URL: "http://" + addr, Header: "Authorization: Bearer " + key.Secret.Reveal(), Until: key.ExpiresAt}, nil
}
