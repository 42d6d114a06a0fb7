package fleets

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/silokit/silo/tenantdb/fleet"
)

func TestAFleetGoesThroughItsSteps(t *testing.T) {
	root := func(steps ...Work) func(string, *Fleet) error {
		return func(root string, f *Fleet) error {
			if root != "a,b" || f.Tenants != 5 {
				t.Errorf("begun with %d tenants in %s", f.Tenants, root)
			}
			return f.Do(steps...)
		}
	}
	one := Work{"one", func(*Pace) error { return nil }}
	f, err := Run(Argument(5, "a,b"), root(one, Work{"two", func(p *Pace) error {
		time.Sleep(time.Millisecond)
		p.Took(time.Second)
		return nil
	}}))
	if err != nil || len(f.Steps) != 2 || f.Files < 3 || f.Peak != max(f.Steps[0].Peak, f.Steps[1].Peak) || f.Steps[0].Peak < 1<<20 {
		t.Errorf("%+v, %v", f, err)
	}
	if two := f.Step("two"); two.Took < time.Millisecond || two.P99 != time.Second || f.Step("one").P99 != 0 || f.Step("three") != (Step{}) {
		t.Errorf("%+v", f)
	}
	broken, later := errors.New("broken"), errors.New("later")
	f, err = Run(Argument(5, "a,b"), root(one, Work{"three", func(*Pace) error { return broken }}, Work{"four", func(*Pace) error { return later }}))
	if !errors.Is(err, broken) || errors.Is(err, later) || !strings.Contains(err.Error(), "three") || len(f.Steps) != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	for _, argument := range []string{"", "5", "five,folder"} {
		if _, err := Run(argument, root()); err == nil {
			t.Errorf("the argument %q was accepted", argument)
		}
	}
}

func TestASteppedTenantBeginsWhenThereIsAPlaceForIt(t *testing.T) {
	p := &Pace{began: time.Now().Add(-time.Hour)}
	for done := 1; done <= Workers; done++ {
		p.Step(fleet.Progress{Done: done})
	}
	p.Step(fleet.Progress{Done: Workers + 1})
	if len(p.took) != Workers+1 || p.took[Workers-1] < float64(time.Hour) || p.took[Workers] > float64(time.Minute) {
		t.Errorf("they took %v", p.took)
	}
}

func TestOnlyTheMemoryOfAStepIsItsPeak(t *testing.T) {
	const much = 64 << 20
	var f Fleet
	err := f.Do(
		Work{"much", func(*Pace) error {
			taken, err := unix.Mmap(-1, 0, much, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
			if err != nil {
				return err
			}
			for i := range taken {
				taken[i] = 1
			}
			return unix.Munmap(taken)
		}},
		Work{"nothing", func(*Pace) error { return nil }},
	)
	if err != nil || f.Steps[0].Peak < much || f.Steps[1].Peak > f.Steps[0].Peak-much/2 || f.Peak != f.Steps[0].Peak {
		t.Errorf("%+v, %v", f, err)
	}
}
