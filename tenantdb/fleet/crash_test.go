package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

// A run is killed before the first change that SQLite makes to a file, before the second, and so
// on until it ends by itself: of the tenants' files and of the global one. What the catalog
// says then is true of the files, and the run that is resumed, and killed again by turns, does
// what is left. Ordinarily it is killed at some of these places, with SILO_TORTURE_KILLS at all.
func TestARunThatIsKilledAtAnyInstantIsTrueAndResumedExactly(t *testing.T) {
	withoutRaceDetector(t)
	stride := 17
	if os.Getenv("SILO_TORTURE_KILLS") != "" {
		stride = 1
	}
	original := withTwice(t, 5, 3)
	run := filepath.Join(t.TempDir(), "run")
	kills := 0
	for n := 1 + rand.N(stride); !t.Failed(); n += stride {
		childtest.CopyFolder(t, run, original)
		how := []string{"plain", "canaries"}[n%2]
		if !die(t, run, n, how) {
			break
		}
		kills++
		wantTrue(t, run)
		// The second time it dies while it is resumed, if there is anything to resume.
		if n%3 == 0 && begun(t, run) {
			if die(t, run, 1+n/2, "resume") {
				kills++
			}
			wantTrue(t, run)
		}
		finish(t, run)
		if t.Failed() {
			t.Logf("it was killed before change %d, %s", n, how)
		}
	}
	t.Logf("%d kills", kills)
	if kills < 3 {
		t.Errorf("it was killed %d times", kills)
	}
}

// die has a process migrate the folder and be killed before the nth change. It reports
// whether it was.
func die(t *testing.T, folder string, n int, how string) bool {
	t.Helper()
	var stderr strings.Builder
	c := childtest.Command("migrate and die", folder, strconv.Itoa(n), how)
	c.Stderr = &stderr
	err := c.Run()
	if stderr.Len() > 0 {
		t.Fatalf("change %d, %s: %v, %s", n, how, err, stderr.String())
	}
	return err != nil
}

// begun reports whether a run that is not done is recorded.
func begun(t *testing.T, folder string) (yes bool) {
	t.Helper()
	change(t, folder, 1, func(w world) error {
		_, err := w.cat.LastRun(t.Context(), fleet.KindUp)
		yes = err == nil
		if errors.Is(err, catalog.ErrNoRun) {
			return nil
		}
		return err
	})
	return yes
}

// wantTrue holds what is recorded of the tenants to what their files say.
func wantTrue(t *testing.T, folder string) {
	t.Helper()
	change(t, folder, 4, func(w world) error {
		last, err := w.cat.LastRun(t.Context(), fleet.KindUp)
		if errors.Is(err, catalog.ErrNoRun) {
			w.wantVersions(t, 1, 1, 1, 1, 1) // nobody was touched before the run was recorded
			return nil
		}
		if err != nil {
			return err
		}
		rows := 0
		for r, err := range w.cat.RunResults(t.Context(), last.ID) {
			if err != nil {
				return err
			}
			rows++
			version := w.version(t, r.Tenant.String())
			ok := false
			switch r.Result {
			case catalog.ResultPlanned, catalog.ResultFailed:
				ok = version == 1
			case catalog.ResultBegun:
				ok = (version == 1 || version == 4) && r.From == 1
			case catalog.ResultDone:
				ok = version == 4 && r.From == 1 && r.To == 4
			case catalog.ResultCurrent, catalog.ResultSkipped:
			}
			if !ok {
				t.Errorf("%v is recorded as %s %d-%d, and its file is at %d", r.Tenant, r.Result, r.From, r.To, version)
			}
		}
		if rows != 5 {
			t.Errorf("%d tenants are recorded", rows)
		}
		return nil
	})
}

// finish resumes the run, or begins one, mends the tenant that fails, and resumes it again.
func finish(t *testing.T, folder string) {
	t.Helper()
	var o fleet.MigrateOptions
	if begun(t, folder) {
		o.Resume = fleet.ResumeLast
	}
	migrate := func(want map[catalog.Result]int) {
		change(t, folder, 4, func(w world) error {
			run, err := fleet.Migrate(t.Context(), w.store, w.cat, o)
			if errors.Is(err, fleet.ErrSomeFailed) {
				err = nil
			}
			if fmt.Sprint(run.Counts) != fmt.Sprint(want) {
				t.Errorf("resumed, the run is %s with %v, want %v", run.Outcome, run.Counts, want)
			}
			return err
		})
	}
	migrate(map[catalog.Result]int{catalog.ResultDone: 4, catalog.ResultFailed: 1})
	o.Resume = fleet.ResumeLast
	change(t, folder, 1, func(w world) error {
		return w.store.Visit(t.Context(), mustID(name(3)), func(ctx context.Context, handle *db) error { return execute(ctx, handle, mendNotes) })
	})
	migrate(map[catalog.Result]int{catalog.ResultDone: 5})
	wantTrue(t, folder)
	change(t, folder, 4, func(w world) error {
		rows, of, err := w.rows(t.Context(), fleet.Options{}, "SELECT count(*), (SELECT count(*) FROM goose_db_version) FROM notes")
		if want := "t-000 [1 5],t-001 [1 5],t-002 [1 5],t-003 [2 5],t-004 [1 5]"; strings.Join(rows, ",") != want || len(of) > 0 {
			t.Errorf("in the end: %q, %v", rows, of)
		}
		return err
	})
}
