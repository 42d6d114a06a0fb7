package lease

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestNoMoreAreOpenedAtOnceThanMayBeAndOpenOnesAreLeasedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options[int, int]{Limit: 10, Opening: 2, IdleAfter: -1, Close: func(int, int) error { return nil }})
		defer c.Close()
		acquire := func(ctx context.Context, key int, open func(context.Context) (int, error)) error {
			l, err := c.Acquire(ctx, key, open)
			if err == nil {
				l.Release()
			}
			return err
		}
		at := func(context.Context) (int, error) { return 0, nil }
		if err := acquire(t.Context(), 0, at); err != nil {
			t.Fatal(err)
		}
		proceed := make(chan error)
		var order []int
		ended := make(chan error)
		for key := 1; key <= 5; key++ {
			go func() {
				ended <- acquire(t.Context(), key, func(context.Context) (int, error) {
					order = append(order, key)
					return 0, <-proceed
				})
			}()
			synctest.Wait()
		}
		if s := c.Stat(); s.Opening != 2 || len(order) != 2 {
			t.Errorf("%+v, opened are %v", s, order)
		}
		if err := acquire(t.Context(), 0, at); err != nil {
			t.Errorf("an open one: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := acquire(gone, 6, at); !errors.Is(err, context.Canceled) || errors.Is(err, ErrFull) {
			t.Errorf("one that gives up waiting for its turn: %v", err)
		}
		failed := errors.New("failed")
		for i, outcome := range []error{nil, failed, nil, failed, nil} {
			proceed <- outcome
			if err := <-ended; !errors.Is(err, outcome) {
				t.Errorf("%d: %v, want %v", i, err, outcome)
			}
			synctest.Wait()
			if want := min(2, 4-i); c.Stat().Opening != want {
				t.Errorf("after %d openings %d are under way, want %d", i+1, c.Stat().Opening, want)
			}
		}
		for i, key := range order {
			if key != i+1 {
				t.Errorf("they were opened in the order %v", order)
			}
		}
	})
}
