package tenanttest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAFileLeftOpenFailsTheTest(t *testing.T) {
	r := newRecorder(t)
	kit := tenanttest.New(r, tenant.Open)
	f, err := os.Create(filepath.Join(kit.Dir.Path(), "tenants", "left"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if r.end(); len(r.errors) != 1 || !strings.Contains(r.errors[0], "tenants/left is still open") {
		t.Errorf("it was failed with %q", r.errors)
	}
}
