package tenantdb_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// The keeper looks into the global file now and then, by a connection of its own: whether there is a
// catalog that nobody asks. It may be without a processor when it has that open.
func TestTheKeepersLookForACatalogIsNotTakenForAnotherProcessesUse(t *testing.T) {
	for n, reads := 0, true; reads; n++ { // at each of its reads
		synctest.Test(t, func(t *testing.T) {
			folder := t.TempDir()
			plan := sqlitefault.Below(t, folder)
			dir, db, copied, m := globalKitIn(t, folder)
			tenantdb.StopKeeper(dir)
			ctx, acme := create(t, openStore[notes](t, dir), "acme")
			if err := add(ctx, acme, "it is served"); err != nil {
				t.Fatal(err)
			}
			tenantdb.Reopen(t, db)
			restored := make(chan error, 1)
			plan.Arm(sqlitefault.Fault{File: sqlitefault.Any, Op: sqlitefault.Read, After: n, Meanwhile: func() {
				go func() {
					source := tenantdb.Source{Path: copied, SHA256: m.SHA256}
					restored <- tenantdb.RestoreGlobal[ledger](t.Context(), dir, source, tenantdb.GlobalRestoreOptions{})
				}()
				time.Sleep(time.Second) // of the bubble's clock: more than is waited for another process
			}})
			tenantdb.KeeperLooks(dir)
			if reads = plan.Disarm() > 0; !reads {
				if n == 0 {
					t.Error("the keeper has read nothing")
				}
				return
			}
			if err := <-restored; err != nil {
				t.Errorf("at read %d: %v", n, err)
			}
		})
	}
}
