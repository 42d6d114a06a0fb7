package fleet

import (
	"context"
	"math/rand/v2"
	"time"
)

// Schedule says when a rollup runs. The zero value means the defaults.
type Schedule struct {
	// Every is the time between two runs, which begin at its multiples, as [time.Time.Truncate] has them: those
	// of what divides a day at the same times of each day of UTC, of an hour at full hours, of a day at midnight;
	// those of a week on Mondays at midnight. What divides no day, as 7 hours, is at other times each day: the
	// time between two runs is the same always, as it is not by cron's */7. Defaults to an hour, also for longer windows: then
	// late rows are in after an hour.
	Every time.Duration

	// Jitter is the longest that a run waits beyond that, by chance, so that services which
	// run the same rollup do not do so in the same moment. Defaults to a tenth of Every;
	// negative means none.
	Jitter time.Duration

	// Options say over whom, and how.
	Options Options

	// Failed, if not nil, is told of runs that did, in part or whole. They are tried again at
	// the next.
	Failed func(error)
}

// RunEvery runs the rollup at once, to catch up, and then as the schedule says, until ctx ends; it
// returns its cause. A run that is under way then is ended. It starts nothing that goes on when it
// has returned.
func (r *Rollup[T, G, R]) RunEvery(ctx context.Context, s Schedule) error {
	if s.Every <= 0 {
		s.Every = time.Hour
	}
	if s.Jitter == 0 {
		s.Jitter = s.Every / 10
	}
	for {
		if err := r.Run(ctx, s.Options); err != nil && ctx.Err() == nil && s.Failed != nil {
			s.Failed(err)
		}
		timer := time.NewTimer(s.wait(r.options.Now()))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
	}
}

// wait returns how long it is from now to the next run.
func (s Schedule) wait(now time.Time) time.Duration {
	wait := untilNext(now, s.Every)
	if s.Jitter > 0 {
		wait += rand.N(s.Jitter)
	}
	return wait
}

// untilNext returns how long it is until the next multiple of a time: see Schedule.Every.
func untilNext(now time.Time, every time.Duration) time.Duration {
	return now.Truncate(every).Add(every).Sub(now)
}
