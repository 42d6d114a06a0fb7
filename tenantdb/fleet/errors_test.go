package fleet_test

import (
	"errors"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

func TestAnErrorOfATenantNamesItOnce(t *testing.T) {
	acme := mustID("acme")
	full := errors.New("it is full")
	own := &tenantdb.Error{Op: "visit", Tenant: acme, Err: full}
	for _, test := range []struct {
		of   error
		want string
	}{
		{full, "tenant acme: it is full"},
		{own, own.Error()},
		{&tenantdb.Error{Op: "visit", Tenant: mustID("globex"), Err: full}, "tenant acme: tenantdb: visit: tenant globex: it is full"},
	} {
		err := error(&fleet.TenantError{Tenant: acme, Err: test.of})
		if err.Error() != test.want || !errors.Is(err, full) {
			t.Errorf("it says %q, want %q", err, test.want)
		}
	}
}

func TestTheErrorOfManySaysHowManyAndOfTheFirstWhat(t *testing.T) {
	acme, full := mustID("acme"), errors.New("it is full")
	for want, p := range map[string]*fleet.PartialError{
		"0 of 3 tenants failed":                                     {Done: 3},
		"0 of 3 tenants failed, 1 were not tried":                   {Done: 2, Left: 1},
		"1 of 3 tenants failed; the first: tenant acme: it is full": {Done: 2, Failed: []*fleet.TenantError{{Tenant: acme, Err: full}}},
		"2 of 5 tenants failed, 2 were not tried; the first: tenant acme: it is full": {Done: 1, Left: 2, Failed: []*fleet.TenantError{
			{Tenant: acme, Err: full}, {Tenant: mustID("globex"), Err: tenantdb.ErrCorrupt},
		}},
	} {
		if p.Error() != want || !errors.Is(p, fleet.ErrSomeFailed) || errors.Is(p, tenantdb.ErrCorrupt) != (len(p.Failed) == 2) {
			t.Errorf("it says %q, want %q", p, want)
		}
	}
}
