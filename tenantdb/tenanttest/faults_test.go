package tenanttest_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAFaultFailsTheNthOperationAndNothingElse(t *testing.T) {
	tests := []struct {
		name       string
		durability tenantdb.Durability
		fault      tenanttest.Fault
		want       error
	}{
		{"a write", tenantdb.Normal, tenanttest.Fault{What: tenanttest.FailWrite}, tenantdb.ErrIO},
		{"the second write", tenantdb.Normal, tenanttest.Fault{What: tenanttest.FailWrite, After: 1}, tenantdb.ErrIO},
		{"a write on a full disk", tenantdb.Normal, tenanttest.Fault{What: tenanttest.DiskFull}, tenantdb.ErrDiskFull},
		{"an fsync", tenantdb.Full, tenanttest.Fault{What: tenanttest.FailSync}, tenantdb.ErrIO},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			kit, faults := tenanttest.NewFailing(t, tenantdb.Options{Durability: test.durability}, tenant.Open)
			acme, globex := kit.Two()
			faults.Inject(test.fault)
			var failed error
			before := 0
			for ; failed == nil && before < 10; before++ {
				failed = setConfig(acme.Context, acme.DB)
			}
			if n := faults.Stop(); n != 1 || !errors.Is(failed, test.want) {
				t.Errorf("%d operations failed, and of %d writes the last is %v, want %v", n, before, failed, test.want)
			}
			if err := errors.Join(setConfig(acme.Context, acme.DB), setConfig(globex.Context, globex.DB)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestAFileThatCannotBeOpenedIsItsTenantsTroubleAlone(t *testing.T) {
	kit, faults := tenanttest.NewFailing(t, tenantdb.Options{}, tenant.Open)
	acme := kit.Tenant("acme")
	faults.Inject(tenanttest.Fault{What: tenanttest.FailOpen, Times: 100})
	initech := tenanttest.ID(t, "initech")
	if err := kit.Store.Create(t.Context(), initech); err == nil {
		_, err = kit.Store.Resolve(tenanttest.Context(t, "initech"))
		if err == nil {
			t.Error("a tenant's file was opened, which should have failed")
		}
	}
	if err := setConfig(acme.Context, acme.DB); err != nil {
		t.Errorf("the tenant that is open: %v", err)
	}
	if faults.Stop() == 0 {
		t.Error("nothing failed")
	}
	if exists, err := kit.Store.Exists(t.Context(), initech); err != nil {
		t.Error(err)
	} else if !exists {
		kit.Tenant("initech")
	}
	ctx := tenanttest.Context(t, "initech")
	db, err := kit.Store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := setConfig(ctx, db); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestOnAFullDiskHalfOfTheWriteIsThere(t *testing.T) {
	kit, faults := tenanttest.NewFailing(t, tenantdb.Options{}, tenant.Open)
	acme := kit.Tenant("acme")
	if err := setConfig(acme.Context, acme.DB); err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(filepath.Join(kit.Dir.Path(), "tenants", "acme.db-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := size()
	faults.Inject(tenanttest.Fault{What: tenanttest.DiskFull})
	if err := setConfig(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrDiskFull) {
		t.Errorf("%v, want %v", err, tenantdb.ErrDiskFull)
	}
	if after := size(); after <= before {
		t.Errorf("the log has %d bytes, and had %d before", after, before)
	}
	faults.Stop()
}

func TestAReadThatTheDiskRefusesIsAnErrorAndTheNextIsNot(t *testing.T) {
	kit, faults := tenanttest.NewFailing(t, tenantdb.Options{MaxOpen: 1}, tenant.Open)
	acme, globex := kit.Two()
	if err := setConfig(acme.Context, acme.DB); err != nil {
		t.Fatal(err)
	}
	if err := setConfig(globex.Context, globex.DB); err != nil { // for which acme is closed, so that its pages are read again
		t.Fatal(err)
	}
	faults.Inject(tenanttest.Fault{What: tenanttest.FailRead, Times: 100})
	if _, err := tenant.New(acme.DB).ListConfig(acme.Context); !errors.Is(err, tenantdb.ErrIO) {
		t.Errorf("%v, want %v", err, tenantdb.ErrIO)
	}
	if faults.Stop() == 0 {
		t.Error("nothing was read")
	}
	if rows, err := tenant.New(acme.DB).ListConfig(acme.Context); err != nil || len(rows) != 1 {
		t.Errorf("afterwards: %v, %v", rows, err)
	}
}
