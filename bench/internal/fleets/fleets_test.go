package fleets

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAFleetGoesThroughItsSteps(t *testing.T) {
	ended := 0
	began := func(steps ...Step) func(context.Context, string, *Fleet) ([]Step, func() error, error) {
		return func(_ context.Context, root string, f *Fleet) ([]Step, func() error, error) {
			if root != "a,b" || f.Tenants != 5 {
				t.Errorf("begun with %d tenants in %s", f.Tenants, root)
			}
			f.P99 = time.Second
			return steps, func() error { ended++; return nil }, nil
		}
	}
	one := Step{"one", func() error { return nil }}
	f, err := Run(t.Context(), Argument(5, "a,b"), began(one, Step{"two", func() error { time.Sleep(time.Millisecond); return nil }}))
	if err != nil || len(f.Took) != 2 || f.Took["two"] < time.Millisecond || f.Peak < 1<<20 || f.Files < 3 || f.P99 != time.Second || ended != 1 {
		t.Errorf("%+v, %v; it was ended %d times", f, err, ended)
	}
	broken := errors.New("broken")
	_, err = Run(t.Context(), Argument(5, "a,b"), began(Step{"three", func() error { return broken }}, one))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "three") || ended != 2 {
		t.Errorf("%v; it was ended %d times", err, ended)
	}
	for _, argument := range []string{"", "5", "five,folder"} {
		if _, err := Run(t.Context(), argument, began()); err == nil {
			t.Errorf("the argument %q was accepted", argument)
		}
	}
}
