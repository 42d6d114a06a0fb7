package tenantdb_test

import (
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAnIdleReaderIsOutOfOthersWayOnceTheKeeperHasLookedTwice(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "x"); err != nil {
		t.Fatal(err)
	}
	// The keeper's own looks come too, but if one is between the reads and the first
	// check, the next round has none.
	for i := range 100 {
		warm(t, acme)
		if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
			t.Fatal(err)
		}
		if logSize(t, kit, "acme") > 0 {
			for range 2 {
				tenantdb.KeeperLooks(kit.Dir)
			}
			if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
				t.Fatal(err)
			}
			if size := logSize(t, kit, "acme"); size > 0 {
				t.Errorf("the log has %d bytes: it is still read from", size)
			}
			return
		}
		if err := add(acme.Context, acme.DB, fmt.Sprint("y", i)); err != nil {
			t.Fatal(err)
		}
	}
	t.Error("a reader that was just used has kept no snapshot")
}
