package lifecycle_test

import (
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// By these Doctor tells an Erase and a Restore that died. Given by people, it would erase a
// tenant whose deletion was interrupted, and open one that was suspended.
func TestNobodyGivesTheReasonsThatSiloGives(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	for _, reason := range []string{"it is being erased", "it is being restored"} {
		_, err := w.m.Delete(t.Context(), id, reason)
		wantErr(t, err, catalog.ErrInvalid)
		_, err = w.m.Suspend(t.Context(), id, lifecycle.Suspension{Reason: reason})
		wantErr(t, err, catalog.ErrInvalid)
	}
	w.wantState(t, id, catalog.Active)
}
