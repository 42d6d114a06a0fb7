package fleet_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/fleet"
)

func TestAScheduleCatchesUpAtOnceAndThenRunsWhenWindowsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, "acme")
		var at []string
		r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, fleet.RollupOptions{Name: "hourly", Since: time.Now().Add(-time.Hour), LookBack: -1}, sumHour, writeHour)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error)
		began := time.Now()
		go func() {
			ended <- r.RunEvery(ctx, fleet.Schedule{Jitter: 10 * time.Minute, Options: fleet.Options{Progress: func(fleet.Progress) {
				at = append(at, time.Since(began).Truncate(time.Hour).String())
			}}})
		}()
		time.Sleep(3*time.Hour + 30*time.Minute)
		synctest.Wait()
		cancel(errMeanwhile)
		if err := <-ended; !errors.Is(err, errMeanwhile) {
			t.Errorf("it ended with %v", err)
		}
		if want := []string{"0s", "1h0m0s", "2h0m0s", "3h0m0s"}; !slices.Equal(at, want) {
			t.Errorf("it ran at %q, want %q", at, want)
		}
	})
}

func TestAScheduleTellsOfRunsThatFailAndGoesOn(t *testing.T) {
	for _, test := range []struct {
		name           string
		every, jitter  time.Duration
		exactly, until time.Duration // when the second run begins
	}{
		{"by default", 0, 0, 0, time.Hour + 6*time.Minute},
		{"each quarter, without jitter", 15 * time.Minute, -1, 15 * time.Minute, 15 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, "acme")
				r := s.hourly(t, func(string) error { return errMeanwhile })
				schedule := fleet.Schedule{Every: test.every, Jitter: test.jitter}
				// With nobody to be told, it goes on, too.
				ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Hour, errors.New("enough"))
				defer cancel()
				if err := r.RunEvery(ctx, schedule); !errors.Is(err, context.Cause(ctx)) {
					t.Errorf("it ended with %v", err)
				}
				began, told := time.Now(), 0
				ctx, stop := context.WithCancel(t.Context())
				schedule.Failed = func(err error) {
					wantErr(t, err, errMeanwhile, fleet.ErrSomeFailed)
					if told++; told < 2 {
						return
					}
					stop()
					if after := time.Since(began); after < test.exactly || after > test.until {
						t.Errorf("the next run has begun after %v", after)
					}
				}
				wantErr(t, r.RunEvery(ctx, schedule), context.Canceled)
				if told != 2 {
					t.Errorf("it told of %d runs", told)
				}
				// One that is ended is none that has failed.
				ctx, stop = context.WithCancel(t.Context())
				ended := s.hourly(t, func(string) error {
					stop()
					return errMeanwhile
				})
				schedule.Failed = func(err error) { t.Errorf("told of %v", err) }
				wantErr(t, ended.RunEvery(ctx, schedule), context.Canceled)
			})
		})
	}
}
