package tenanthttp_test

import (
	"context"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

func TestNobodyIsRecordedWhoHasProvedNothing(t *testing.T) {
	k := newKit(t)
	both := tenanthttp.Agree(subdomain(t), says("globex", false, nil))
	h := tenanthttp.Middleware(k.store, both, tenanthttp.Options{Audit: k.catalog})(nothing)
	if got := ask(h, "acme.example.com"); got.Code != 404 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	for _, name := range []string{"acme", "globex"} {
		if n := k.refusals(t, name); n != 0 {
			t.Errorf("%d records of %s", n, name)
		}
	}
}

func TestTheSameIsRecordedAsOftenAsTheOptionSays(t *testing.T) {
	k := newKit(t)
	both := tenanthttp.Agree(subdomain(t), says("globex", true, nil))
	h := tenanthttp.Middleware(k.store, both, tenanthttp.Options{Audit: k.catalog, AuditEvery: time.Nanosecond})(nothing)
	for range 3 {
		ask(h, "acme.example.com")
	}
	if n := k.refusals(t, "globex"); n != 3 {
		t.Errorf("%d records", n)
	}
}

func TestNoTenantIsMadeBecauseItCannotBeLookedFor(t *testing.T) {
	var none *tenant.Store
	h := tenanthttp.Middleware(none, says("acme", true, nil), tenanthttp.Options{Provision: func(context.Context, tenanthttp.Identity) error {
		t.Error("one is to be made")
		return nil
	}})(nothing)
	if got := ask(h, "acme.example.com"); got.Code != 500 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}
