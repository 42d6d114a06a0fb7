package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// globalBackups says that each backup of the global database that is there is whole, and
// that there is one.
func globalBackups(ctx context.Context, w world) error {
	n := 0
	for b, err := range w.m.GlobalBackups(ctx) {
		if err != nil {
			return err
		}
		if _, err := w.m.VerifyGlobal(ctx, b.Sequence); err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return errors.New("the global database has no backup")
	}
	return nil
}

// restoringGlobal takes the user ada away, who came after the backup.
var restoringGlobal = crash{
	prepare: then(makeAcme, func(ctx context.Context, w world) error {
		_, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{})
		return errors.Join(err, addUser(ctx, w, "ada"))
	}),
	run: func(ctx context.Context, w world) error {
		_, err := lifecycle.RestoreGlobalBy(ctx, w.m, 1)
		return err
	},
}

// The process dies before each step in turn: the one or the other global database is there,
// whole, and restoring it again makes it the other.
func TestARestoreOfTheGlobalDatabaseThatIsKilledAtAnyStepLeavesTheOldOrTheNewOne(t *testing.T) {
	withoutRaceDetector(t)
	stride := 3
	if os.Getenv("SILO_TORTURE_KILLS") != "" {
		stride = 1
	}
	for n := 1; !t.Failed(); n += stride {
		step := ""
		t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			prepareFolder(t, folder, restoringGlobal)
			step = dieAt(t, folder, "restore global", strconv.Itoa(n)).step
			w := worldIn(t, folder, lifecycle.Options{})
			ctx := t.Context()
			if err := has(acme, "first")(ctx, w); err != nil {
				t.Fatalf("died before %s: %v", step, err)
			}
			if err := globalBackups(ctx, w); err != nil {
				t.Fatalf("died before %s: %v", step, err)
			}
			adaIsGone := hasUser(ctx, w, "ada") != nil
			if step == "" && !adaIsGone {
				t.Fatal("it is not restored")
			}
			if _, err := w.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}); err != nil {
				t.Fatal(err)
			}
			w, _, err := restoreGlobal(ctx, w, 1)
			if err != nil {
				t.Fatalf("again, after it died before %s: %v", step, err)
			}
			if hasUser(ctx, w, "ada") == nil {
				t.Errorf("restored again, after it died before %s, it is the old one", step)
			}
			// The old one is to be had again, whichever of the two has replaced it.
			restored := false
			for b, err := range w.m.GlobalBackups(ctx) {
				if err != nil {
					t.Fatal(err)
				}
				if w, _, err = restoreGlobal(ctx, w, b.Sequence); err != nil {
					t.Fatal(err)
				}
				restored = restored || hasUser(ctx, w, "ada") == nil
			}
			if !restored {
				t.Errorf("died before %s, no backup has what was replaced", step)
			}
			w.wantHealthy(t)
		})
		if step == "" {
			break
		}
	}
}
