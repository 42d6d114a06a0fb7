package slots

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func take(t *testing.T, s *Slots) (place int, filled bool) {
	t.Helper()
	place, filled, err := s.Take(t.Context(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return place, filled
}

func TestAFreePlaceIsTakenBeforeOneIsFilled(t *testing.T) {
	s := New(2)
	if place, filled := take(t, s); place != 0 || filled {
		t.Fatalf("the first is place %d, filled %v", place, filled)
	}
	s.Give(0)
	if place, filled := take(t, s); place != 0 || !filled {
		t.Errorf("the second is place %d, filled %v; want the same again", place, filled)
	}
	if place, filled := take(t, s); place != 1 || filled {
		t.Errorf("the third is place %d, filled %v", place, filled)
	}
}

func TestAPlaceThatCouldNotBeFilledIsOfferedAgain(t *testing.T) {
	s := New(1)
	take(t, s)
	s.Empty(0)
	if place, filled := take(t, s); place != 0 || filled {
		t.Errorf("it is place %d, filled %v", place, filled)
	}
}

func TestWaitersAreServedInOrderAndLeaveWithTheirContextsAndAfterTheirWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(1)
		take(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		var served []int
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				of, wait := t.Context(), time.Hour
				switch i {
				case 1:
					of = ctx
				case 2:
					wait = time.Second
				}
				place, filled, err := s.Take(of, wait)
				switch {
				case i == 1 && !errors.Is(err, context.Canceled), i == 2 && !errors.Is(err, ErrWaited):
					t.Errorf("waiter %d: the error is %v", i, err)
				case i == 1 || i == 2:
				case err != nil || place != 0 || !filled:
					t.Errorf("waiter %d: place %d, filled %v, %v", i, place, filled, err)
				default:
					mu.Lock()
					served = append(served, i)
					mu.Unlock()
					s.Give(place)
				}
			})
			synctest.Wait() // until it waits
		}
		if s.TakeIf(0) {
			t.Error("a place that is taken was taken again")
		}
		cancel()
		time.Sleep(2 * time.Second) // of the bubble's clock
		synctest.Wait()
		s.Give(0)
		wg.Wait()
		if want := []int{0, 3, 4}; !slices.Equal(served, want) {
			t.Errorf("served in the order %v, want %v", served, want)
		}
		if !s.TakeIf(0) {
			t.Error("the place is not free in the end")
		}
	})
}

// TestAPlaceHasOneUserAndNoWaiterIsForgotten hammers places from many goroutines, of
// which some give up, some find a place unfilled, and one takes free ones away.
func TestAPlaceHasOneUserAndNoWaiterIsForgotten(t *testing.T) {
	const limit, callers, rounds = 3, 16, 3000
	s := New(limit)
	var users [limit]atomic.Int32
	var filled [limit]atomic.Bool
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for round := range rounds {
				ctx, cancel := context.WithCancel(t.Context())
				if (caller+round)%7 == 0 {
					cancel()
				}
				place, was, err := s.Take(ctx, time.Minute)
				cancel()
				if err != nil {
					continue
				}
				if users[place].Add(1) != 1 {
					t.Error("a place has two users")
				}
				if filled[place].Load() != was {
					t.Errorf("place %d is said to be filled: %v", place, was)
				}
				if round%16 == 0 {
					runtime.Gosched()
				}
				empty := (caller*rounds+round)%11 == 0
				filled[place].Store(!empty)
				users[place].Add(-1)
				if empty {
					s.Empty(place)
				} else {
					s.Give(place)
				}
			}
		})
	}
	stop := make(chan struct{})
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		for {
			select {
			case <-stop:
				return
			default:
			}
			for place := range limit {
				if s.TakeIf(place) {
					if users[place].Add(1) != 1 || !filled[place].Load() {
						t.Error("TakeIf took a place that is not free")
					}
					users[place].Add(-1)
					s.Give(place)
				}
			}
			runtime.Gosched()
		}
	}()
	wg.Wait()
	close(stop)
	<-swept
	if s.waiting.Load() != 0 || len(s.queue) != 0 {
		t.Errorf("%d still wait", s.waiting.Load())
	}
}

func BenchmarkTakeAndGive(b *testing.B) {
	s := New(2)
	place, _, _ := s.Take(b.Context(), time.Minute)
	s.Give(place)
	b.ReportAllocs()
	for b.Loop() {
		place, _, _ := s.Take(b.Context(), time.Minute)
		s.Give(place)
	}
}
