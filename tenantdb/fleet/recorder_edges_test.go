package fleet_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// However many days are named, what was called now is not too old.
func TestARecorderKeepsForAnyNumberOfDays(t *testing.T) {
	for _, days := range []int{-1, 1, 365, 1 << 20, math.MaxInt32, math.MaxInt / 1000, math.MaxInt - 1, math.MaxInt} {
		s := newService(t, "acme")
		recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{KeepDays: days})
		if err != nil {
			t.Fatal(err)
		}
		before := recordedCalls(t, s.cat, "acme")
		s.ran(t, "acme", launch, true)
		if err := recorder.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := recordedCalls(t, s.cat, "acme"); got <= before {
			t.Errorf("with %d days to keep, %d calls are recorded", days, got)
		}
	}
}

// Of several hours that one flush writes, because those before it have failed, the last one says how
// large a tenant is.
func TestTheLastHourOfAFlushSaysTheSize(t *testing.T) {
	kit, faults := tenanttest.NewFailing(t, tenantdb.Options{}, tenant.Open)
	cat, err := catalog.Open(t.Context(), kit.Dir)
	if err == nil {
		_, err = cat.Register(t.Context(), catalog.Registration{ID: mustID("acme")})
	}
	now := launch
	var recorder *fleet.Recorder
	if err == nil {
		recorder, err = fleet.NewRecorder(kit.Dir, cat, fleet.RecorderOptions{KeepDays: -1, Now: func() time.Time { return now }})
	}
	if err != nil {
		t.Fatal(err)
	}
	acme := kit.Tenant("acme")
	const hours = 12
	for range hours {
		ask(t, acme)
		grow(t, acme)
		now = now.Add(time.Hour)
		faults.Inject(tenanttest.Fault{What: tenanttest.DiskFull, Times: 1000})
		err := recorder.Flush(t.Context())
		faults.Stop()
		wantErr(t, err, tenantdb.ErrDiskFull)
	}
	if err := recorder.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := cat.UsageOf(t.Context(), mustID("acme"), time.Time{})
	if err != nil || len(all) != hours || all[0].Size >= all[hours-1].Size {
		t.Fatalf("there are %v, %v", all, err)
	}
	top, err := cat.Top(t.Context(), catalog.TopOptions{})
	if err != nil || len(top) != 1 || top[0].Size != all[hours-1].Size {
		t.Errorf("acme is %v, %v, and the last hour says %d", top, err, all[hours-1].Size)
	}
}

// grow makes a tenant some pages larger.
func grow(t *testing.T, one tenanttest.Tenant[tenant.Schema]) {
	t.Helper()
	err := tenant.New(one.DB).SetConfig(one.Context, tenant.SetConfigParams{Key: "large", Value: strings.Repeat("x", 100_000)})
	if err != nil {
		t.Fatal(err)
	}
}

// What was counted of a tenant that is erased is not that of the next one which has its ID.
func TestANewTenantHasNoCallsOfAnErasedOne(t *testing.T) {
	s := newService(t, "acme", "globex")
	recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{KeepDays: -1})
	if err == nil {
		err = recorder.Flush(t.Context()) // what was counted before
	}
	if err != nil {
		t.Fatal(err)
	}
	acme := mustID("acme")
	for _, name := range []string{"acme", "globex"} {
		ask(t, s.action[name])
	}
	one, err := s.cat.Get(t.Context(), acme)
	if err == nil {
		_, err = s.kit.Store.Erase(t.Context(), acme)
	}
	if err == nil {
		err = s.cat.Forget(t.Context(), acme, one.Generation)
	}
	if err == nil {
		_, err = s.cat.Register(t.Context(), catalog.Registration{ID: acme})
	}
	if err == nil {
		err = s.kit.Store.Create(t.Context(), acme)
	}
	if err == nil {
		err = recorder.Flush(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if acme, globex := recordedCalls(t, s.cat, "acme"), recordedCalls(t, s.cat, "globex"); acme != 0 || globex != 2 {
		t.Errorf("%d calls of acme are recorded, and %d of globex", acme, globex)
	}
}

// Calls are recorded for their hour, also if the time between two flushes is no part of one.
func TestARecorderFlushesOnEachHour(t *testing.T) {
	for _, every := range []time.Duration{7 * time.Minute, 90 * time.Minute, 24 * time.Hour} {
		t.Run(every.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, "acme")
				recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{Every: every, KeepDays: -1})
				if err == nil {
					err = recorder.Flush(t.Context())
				}
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() { ended <- recorder.Run(ctx) }()
				first := time.Now().Truncate(time.Hour).Add(time.Hour)
				time.Sleep(time.Until(first.Add(59 * time.Minute)))
				ask(t, s.action["acme"])
				time.Sleep(2 * time.Minute)
				ask(t, s.action["acme"])
				cancel()
				<-ended
				all, err := s.cat.UsageOf(t.Context(), mustID("acme"), first)
				if err != nil || len(all) != 2 || all[0].Calls != 1 || all[1].Calls != 1 {
					t.Errorf("there are %v, %v, want a call in each of two hours", all, err)
				}
			})
		})
	}
}

// Another process has erased a tenant, and made one of its ID, since this one has counted calls of the
// first: it knows of neither.
func TestANewTenantHasNoCallsOfOneThatAnotherProcessErased(t *testing.T) {
	s := newService(t, "acme", "globex")
	ahead := time.Duration(0)
	recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{KeepDays: -1, Now: func() time.Time { return time.Now().Add(ahead) }})
	if err == nil {
		err = recorder.Flush(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	before := recordedCalls(t, s.cat, "globex")
	for _, name := range []string{"acme", "globex"} {
		ask(t, s.action[name])
	}
	one, err := s.cat.Get(t.Context(), mustID("acme"))
	if err == nil {
		err = s.cat.Forget(t.Context(), one.ID, one.Generation)
	}
	if err == nil {
		_, err = s.cat.Register(t.Context(), catalog.Registration{ID: one.ID})
	}
	ahead = time.Second                  // the next interval begins after the registration
	for _, want := range []int64{0, 1} { // what is counted since the flush is the new one's
		if err == nil {
			err = recorder.Flush(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		if acme, globex := recordedCalls(t, s.cat, "acme"), recordedCalls(t, s.cat, "globex")-before; acme != want || globex != 1 {
			t.Errorf("%d calls of acme are recorded, want %d, and %d of globex", acme, want, globex)
		}
		ask(t, s.action["acme"])
	}
}

// Counts that could not be written are still those of the time at which they were begun.
func TestANewTenantHasNoCallsOfOneThatAFlushWhichFailedWasToWrite(t *testing.T) {
	acme, globex, cat, recorder, faults := failingTwo(t, tenantdb.Options{})
	ask(t, acme)
	ask(t, globex) // of acme nothing is to be written
	one, err := cat.Get(t.Context(), mustID("acme"))
	if err == nil {
		err = cat.Forget(t.Context(), one.ID, one.Generation)
	}
	if err == nil {
		_, err = cat.Register(t.Context(), catalog.Registration{ID: one.ID})
	}
	if err != nil {
		t.Fatal(err)
	}
	for registered := time.Now(); time.Since(registered) < 2*time.Millisecond; { // the catalog's times have milliseconds
	}
	faults.Inject(tenanttest.Fault{What: tenanttest.DiskFull, Times: 1000})
	err = recorder.Flush(t.Context())
	faults.Stop()
	wantErr(t, err, tenantdb.ErrDiskFull)
	ask(t, acme)
	if err := recorder.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := recordedCalls(t, cat, "acme"); got != 0 {
		t.Errorf("%d calls are recorded, of two intervals that were written as one", got)
	}
}

// What is too old is removed some at a time, by as many flushes as that takes.
func TestARecorderForgetsMoreThanOneFlushRemoves(t *testing.T) {
	s := newService(t, "acme")
	now := launch.AddDate(1, 0, 0)
	var old []catalog.Usage
	for hour := range 4500 {
		old = append(old, catalog.Usage{Tenant: mustID("acme"), Hour: launch.Add(time.Duration(hour) * time.Hour), Calls: 1})
	}
	recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{KeepDays: 1, Now: func() time.Time { return now }})
	if err == nil {
		err = s.cat.AddUsage(t.Context(), old)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2500, 500, 0, 0} {
		if err := recorder.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		left, err := s.cat.UsageOf(t.Context(), mustID("acme"), time.Time{})
		left = slices.DeleteFunc(left, func(one catalog.Usage) bool { return one.Hour.After(now.AddDate(0, 0, -1)) })
		if err != nil || len(left) != want {
			t.Errorf("%d old hours are left, %v, want %d", len(left), err, want)
		}
	}
}
