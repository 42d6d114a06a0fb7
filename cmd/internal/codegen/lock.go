package codegen

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Generate makes the plan of a project and carries it out, while no other run does so:
// of two runs that begin at once the later one reads what the project is then, and an
// older plan never replaces a newer one. It returns the plan also when carrying it out
// fails. Cancelling ctx ends the wait for another run, and the planning.
func Generate(ctx context.Context, options Options) (plan *Plan, changes []Change, err error) {
	unlock, err := Lock(ctx, options.Config)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if plan, err = NewPlan(ctx, options); err != nil {
		return nil, nil, err
	}
	changes, err = plan.Commit()
	return plan, changes, err
}

// Lock keeps other runs from generating for the same configuration, and from adding files to its
// project, until the function that it returns is called. What cannot be locked is as if there
// were no lock.
func Lock(ctx context.Context, config string) (unlock func() error, err error) {
	l, ok := newLock(config)
	locked := false
	if ok {
		locked, _ = l.TryLockContext(ctx, lockInterval)
	}
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("codegen: wait for another run: %w", ctx.Err())
	case locked:
		return l.Unlock, nil
	default:
		return func() error { return nil }, nil
	}
}

// lockInterval is how often a run looks whether another has ended.
const lockInterval = 20 * time.Millisecond
