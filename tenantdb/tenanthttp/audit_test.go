package tenanthttp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestARefusalIsDueOnceInItsTimeAndOthersHaveTheirOwn(t *testing.T) {
	var a audited
	now, every := time.Now(), Options{}.withDefaults().AuditEvery // a minute
	due := func(name string, after time.Duration) bool {
		return a.due(refusal{proved: "acme", named: name}, now.Add(after), every)
	}
	for i, step := range []struct {
		name  string
		after time.Duration
		want  bool
	}{
		{"globex", 0, true},
		{"globex", 59 * time.Second, false},
		{"ghost", 59 * time.Second, true},
		{"globex", time.Minute, true},
		{"globex", 90 * time.Second, false},
	} {
		if got := due(step.name, step.after); got != step.want {
			t.Errorf("step %d, of %s: %v", i, step.name, got)
		}
	}
	recorded, ofAcme := 0, 0
	for i := range 1000 {
		if due(fmt.Sprint("n", i), 2*time.Minute) {
			ofAcme++
		}
		if a.due(refusal{proved: fmt.Sprint("t", i), named: "globex"}, now.Add(2*time.Minute), every) {
			recorded++
		}
	}
	if ofAcme != mostOfOne || recorded != mostRefusals-mostOfOne {
		t.Errorf("%d of one tenant's 1000 in a minute were due, and %d of 1000 of other tenants'", ofAcme, recorded)
	}
	if !due("another", 4*time.Minute) || len(a.recent) != 1 || len(a.of) != 1 {
		t.Errorf("those that are over make no room: %d of %d tenants are kept", len(a.recent), len(a.of))
	}
}

func TestWhatOneTenantIsMadeByOthersWaitForUntilTheirContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f flights
		release := make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			_ = f.do(t.Context(), "acme", func() error {
				<-release
				return nil
			})
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := f.do(ctx, "acme", func() error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request whose context ends: %v", err)
		}
		if err := f.do(t.Context(), "globex", func() error { return nil }); err != nil {
			t.Errorf("another tenant's: %v", err)
		}
		failed, next := errors.New("no room"), 0
		all.Go(func() {
			if err := f.do(t.Context(), "acme", func() error { next++; return failed }); !errors.Is(err, failed) {
				t.Errorf("the next: %v", err)
			}
		})
		synctest.Wait()
		if next != 0 {
			t.Error("two at once")
		}
		close(release)
		all.Wait()
		if next != 1 || len(f.under) != 0 {
			t.Errorf("the next ran %d times, %d are under way", next, len(f.under))
		}
	})
}
