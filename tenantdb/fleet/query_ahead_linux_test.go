package fleet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// While the consumer is at the first tenant, so many are read as there are workers, that one among them.
func TestAQuestionIsAskedOfNoMoreTenantsAtOnceThanThereAreWorkers(t *testing.T) {
	const many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n"
	for _, workers := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			w := worldIn(t, tenantdb.Options{Path: prepare(t, 8, 1)}, 1)
			for _, err := range fleet.Query(t.Context(), w.store, fleet.Options{Workers: workers}, many) {
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait() // until the others wait for the consumer
				if got := openTenants(t, w.dir.Path()); len(got) != workers {
					t.Errorf("with %d workers there are open %v", workers, got)
				}
				break
			}
		})
	}
}

// openTenants returns the tenants' files that this process has open.
func openTenants(t *testing.T, folder string) (open []string) {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		file, err := os.Readlink(filepath.Join("/proc/self/fd", one.Name()))
		if err == nil && strings.HasPrefix(file, filepath.Join(folder, "tenants")) && strings.HasSuffix(file, ".db") {
			open = append(open, filepath.Base(file))
		}
	}
	return open
}
