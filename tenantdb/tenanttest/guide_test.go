package tenanttest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// What docs/testing.md shows is below, and runs; TestTheGuideShowsWhatRuns compares them.

func TestWithTwoTenants(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme, globex := kit.Two()
	err := tenant.New(acme.DB).SetConfig(acme.Context, tenant.SetConfigParams{Key: "theme", Value: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tenant.New(globex.DB).ListConfig(globex.Context)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) > 0 {
		t.Errorf("globex sees %v", rows)
	}
}

// darken stands for code of the application.
func darken(ctx context.Context, db *tenant.DB) error {
	return tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "theme", Value: "dark"})
}

func TestDarkenStaysInItsTenant(t *testing.T) {
	tenanttest.New(t, tenant.Open).Isolated("acme", "globex", darken)
}

func TestWithAFullDisk(t *testing.T) {
	kit, faults := tenanttest.NewFailing(t, tenantdb.Options{}, tenant.Open)
	acme := kit.Tenant("acme")
	faults.Inject(tenanttest.Fault{What: tenanttest.DiskFull})
	if err := darken(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrDiskFull) {
		t.Errorf("on a full disk: %v", err)
	}
	if faults.Stop() == 0 {
		t.Error("nothing was written")
	}
	if err := darken(acme.Context, acme.DB); err != nil {
		t.Errorf("once there is room: %v", err)
	}
}

func TestAfterAQuarterOfAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := tenanttest.New(t, tenant.Open)
		acme := kit.Tenant("acme")
		time.Sleep(15 * time.Minute) // of the fake clock
		if open := kit.Dir.Stats().Open; open != 0 {
			t.Errorf("%d tenants are open, 15 minutes after their last use", open)
		}
		if err := darken(acme.Context, acme.DB); err != nil {
			t.Error(err)
		}
	})
}

func listConfig(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
	rows, err := tenant.New(db).ListConfig(r.Context())
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(rows)
}

func TestARequestWithAKey(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme := kit.Tenant("acme")
	cat, err := catalog.Open(t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cat.Register(t.Context(), catalog.Registration{ID: acme.ID}); err != nil {
		t.Fatal(err)
	}
	key, err := cat.CreateKey(t.Context(), catalog.KeyRequest{Tenant: acme.ID})
	if err != nil {
		t.Fatal(err)
	}
	edge := tenanthttp.Middleware(kit.Store, tenanthttp.APIKey(cat), tenanthttp.Options{})
	r := httptest.NewRequest(http.MethodGet, "/config", nil)
	r.Header.Set("Authorization", "Bearer "+key.Secret.Reveal())
	w := httptest.NewRecorder()
	edge(tenanthttp.Func(kit.Store, listConfig)).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTheGuideShowsWhatRuns(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "testing.md"))
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("guide_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 4 {
		t.Fatalf("the guide has %d blocks of Go", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(string(code), block[1]) {
			t.Errorf("docs/testing.md shows what guide_test.go does not have:\n%s", block[1])
		}
	}
}
