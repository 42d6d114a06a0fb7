package tenantdb

import (
	"os"
	"path/filepath"
	"testing"
)

// TenantPath returns where a data folder has the file of a tenant, its folder made.
func TenantPath(t *testing.T, folder string, l Layout, id ID) string {
	t.Helper()
	layout, err := openLayout(folder, l)
	if err != nil {
		t.Fatal(err)
	}
	path := layout.tenantPath(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
