package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// statuses returns how tenants stand, as "t-000 behind 1 +2".
func (w world) statuses(t *testing.T, o fleet.StatusOptions) (list []string) {
	t.Helper()
	for s, err := range fleet.Status(t.Context(), w.store, w.cat, o) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%v %s %d +%d", s.Tenant, s.State, s.Version, s.Pending))
	}
	return list
}

func TestStatusSaysWhatWasSeenAndWithALookWhatIs(t *testing.T) {
	folder := prepare(t, 5, 1)
	change(t, folder, 5, func(newer world) error {
		_, err := newer.store.MigrateUp(t.Context(), mustID(name(3)), tenantdb.MigrateOptions{})
		return err
	})
	w := verify(t, folder, 3)
	whole, err := os.ReadFile(w.file(name(4)))
	if err == nil {
		err = os.WriteFile(w.file(name(4)), []byte("no database, but more than the hundred bytes which the header of one has, all of them letters and signs"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { os.WriteFile(w.file(name(4)), whole, 0o600) }()
	_, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Select: fleet.Selection{Tenants: ids(name(0), name(4))}})
	wantErr(t, err, fleet.ErrSomeFailed)
	if got, want := w.statuses(t, fleet.StatusOptions{}), []string{"t-000 current 3 +0", "t-001 unknown 0 +0", "t-002 unknown 0 +0", "t-003 unknown 0 +0", "t-004 unknown 0 +0"}; !slices.Equal(got, want) {
		t.Errorf("as seen: %q", got)
	}
	looked := []string{"t-000 current 3 +0", "t-001 behind 1 +2", "t-002 behind 1 +2", "t-003 ahead 5 +0", "t-004 broken 0 +0"}
	if got := w.statuses(t, fleet.StatusOptions{Verify: fleet.LookAtFiles, Workers: 2}); !slices.Equal(got, looked) {
		t.Errorf("with a look: %q", got)
	}
	looked[4] = "t-004 unknown 0 +0" // nothing is known that could be believed
	if got := w.statuses(t, fleet.StatusOptions{}); !slices.Equal(got, looked) {
		t.Errorf("after the look: %q", got)
	}
	for s, err := range fleet.Status(t.Context(), w.store, w.cat, fleet.StatusOptions{Verify: fleet.LookAtFiles, Select: fleet.Selection{Match: []string{"t-00[34]"}}}) {
		if err != nil || s.Err == nil {
			t.Errorf("%+v, %v", s, err)
		}
		if s.Tenant.String() == name(4) && (s.Last.Error == "" || s.Last.Next == "" || s.Last.Run != 1) {
			t.Errorf("what the last run said: %+v", s.Last)
		}
	}
	if now := w.dir.Stats(); now.Opened != 0 {
		t.Errorf("it has opened tenants: %+v", now)
	}
}

func TestATenantThatTheCatalogDoesNotKnowIsLookedAt(t *testing.T) {
	w := verify(t, prepare(t, 1, 1), 1)
	if err := w.store.Create(t.Context(), mustID("unregistered")); err != nil {
		t.Fatal(err)
	}
	for verify, want := range map[fleet.Verify]string{fleet.AsSeen: "unregistered unknown 0 +0", fleet.LookAtFiles: "unregistered current 1 +0"} {
		if got := w.statuses(t, fleet.StatusOptions{Verify: verify}); len(got) != 2 || got[1] != want {
			t.Errorf("it stands as %q, want %q", got, want)
		}
	}
}

func TestStatusEndsWhenItsContextDoesAndWhenItIsLeft(t *testing.T) {
	w := verify(t, prepare(t, 3, 1), 1)
	for range fleet.Status(t.Context(), w.store, w.cat, fleet.StatusOptions{}) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		store *store
		o     fleet.StatusOptions
		want  error
	}{
		"its context has ended":              {w.store, fleet.StatusOptions{}, context.Canceled},
		"its context has ended, with a look": {w.store, fleet.StatusOptions{Verify: fleet.LookAtFiles}, context.Canceled},
		"there is no store":                  {nil, fleet.StatusOptions{}, tenantdb.ErrNoHandle},
	} {
		told := 0
		for one, err := range fleet.Status(ctx, test.store, w.cat, test.o) {
			if told++; !errors.Is(err, test.want) || !one.Tenant.IsZero() {
				t.Errorf("%s: %+v, %v", name, one, err)
			}
		}
		if told != 1 {
			t.Errorf("%s: that was told %d times", name, told)
		}
	}
}
