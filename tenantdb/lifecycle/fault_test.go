package lifecycle_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// The disk fails under each operation: at the first write of a log, at the second, and so on;
// once or from then on; and likewise at each sync and cut, and at many reads, of each kind of file. What has not
// succeeded is as before it, or Doctor finishes or undoes it. Ordinarily these are a few of
// the faults, with SILO_TORTURE_KILLS all.
func TestAnOperationUnderWhichTheDiskFailsIsDoneOrUndone(t *testing.T) {
	withoutRaceDetector(t)
	few := torture(t, "SILO_TORTURE_KILLS") == 0
	var all atomic.Int64
	t.Run("of", func(t *testing.T) {
		for name, op := range crashing {
			t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
				t.Parallel()
				f := prepareCrash(t, name, op, filepath.Join(t.TempDir(), "run"))
				if few {
					for range 2 {
						fault := kindsOfFaults[rand.N(len(kindsOfFaults))]
						fault.After, fault.Times = rand.N(5), 1
						if f.fail(t, fault) {
							all.Add(1)
						}
					}
					return
				}
				for _, fault := range kindsOfFaults {
					for _, fault.Times = range []int{1, 1000} {
						for fault.After = 0; !t.Failed(); fault.After += step(fault) {
							if !f.fail(t, fault) {
								break
							}
							all.Add(1)
						}
					}
				}
			})
		}
	})
	t.Logf("%d faults", all.Load())
}

// step is how many operations of a kind the next fault is behind this one. There are many reads.
func step(fault sqlitefault.Fault) int {
	if fault.Op == sqlitefault.Read {
		return 1 + fault.After/3
	}
	return 1
}

// fail runs the operation on the folder as it was prepared, with a fault, and reports whether
// that has happened.
func (f *folder) fail(t *testing.T, fault sqlitefault.Fault) (happened bool) {
	t.Helper()
	t.Run(fmt.Sprintf("file %d op %d after %d times %d", fault.File, fault.Op, fault.After, fault.Times), func(t *testing.T) {
		f.renew(t)
		plan := sqlitefault.Below(t, f.run)
		w := worldIn(t, f.data(), lifecycle.Options{})
		plan.Arm(fault)
		err := f.op.run(t.Context(), w)
		if happened = plan.Disarm() > 0; !happened && err != nil {
			t.Fatal(err)
		}
		defer func() {
			if t.Failed() {
				t.Logf("the operation said: %v", err)
			}
		}()
		d := death{step: "a fault", acknowledged: err == nil}
		f.mend(t, w, d, doctor)
		if err := errors.Join(has(bystander, "by")(t.Context(), w), backups(bystander, 1)(t.Context(), w)); err != nil {
			t.Error(err)
		}
	})
	return happened
}
