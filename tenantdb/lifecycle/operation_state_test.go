package lifecycle_test

import (
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// By these reasons an interrupted Erase and Restore are known: a Delete with one of them that
// was interrupted would be finished as an erasure.
func TestReasonsOfTheManagersOwnAreRefusedFromOthers(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	for _, reason := range []string{"it is being erased", "it is being restored"} {
		_, err := w.m.Delete(t.Context(), id, reason)
		wantErr(t, err, catalog.ErrInvalid)
		_, err = w.m.Suspend(t.Context(), id, lifecycle.Suspension{Reason: reason})
		wantErr(t, err, catalog.ErrInvalid)
		_, err = w.m.Quarantine(t.Context(), id, reason)
		wantErr(t, err, catalog.ErrInvalid)
	}
	w.wantState(t, id, catalog.Active)
	w.wantValue(t, id, "made", "once")
}
