package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/registry"
)

// RecorderOptions say how a [Recorder] works. The zero value means the defaults.
type RecorderOptions struct {
	// Every is the time between two flushes of Run, which are at its multiples, as of [Schedule], and on
	// each hour: an hour's counts are in when the next has
	// begun. It is what a process that dies loses at the most. Defaults to a minute.
	Every time.Duration

	// KeepDays is for how many days of 24 hours the counts of an hour are kept. Defaults to 14; negative
	// means for ever. A tenant takes some hundred bytes for each hour in which it is called.
	KeepDays int

	// Now is the clock. Defaults to time.Now.
	Now func() time.Time

	// Failed, if not nil, is told of flushes of Run that did. What they were to write is written
	// by the next.
	Failed func(error)
}

const (
	defaultRecordEvery = time.Minute
	defaultKeepDays    = 14

	// pruneAtOnce is the most rows that one flush removes, so that others write between two.
	pruneAtOnce = 2000
	// mostPending is of how many tenants and hours counts are kept that could not be written.
	mostPending = 64 << 10
	// forEver is so many days that nobody has counts as old; a date of many more days ago overflows.
	forEver = 1 << 20
	// lastFlush is how long Run may take for its last flush.
	lastFlush = 10 * time.Second
)

// Recorder adds up what the tenants of a Dir are asked, by tenant and hour, in the catalog:
// calls, errors, slow calls and size, as [tenantdb.Usage] says what these are. [catalog.Catalog.Top] and
// [catalog.Catalog.Totals] read that and open no tenant. A Dir has one Recorder at most, and each
// process that serves the folder its own: their counts add up. Tenants that are not registered
// are not recorded, and neither is, of one whose ID was another's since the last flush, what that ID was asked until
// then.
//
// Each count is added once or, at the worst, not at all. A process that dies takes with it what was
// counted since its last flush; a flush of which nobody knows whether it was committed
// ([tenantdb.ErrOutcomeUnknown]) is not tried again. What was counted between two flushes counts
// for the hour that the clock showed at the first.
//
// It is safe for concurrent use, and has nothing to close.
type Recorder struct {
	dir     *tenantdb.Dir
	catalog *catalog.Catalog
	options RecorderOptions

	// turn holds a token while somebody flushes. It guards what follows.
	turn    chan struct{}
	since   time.Time // of what the Dir has counted and was not taken
	pending map[tenantHour]catalog.Usage
	pruned  time.Time // up to where nothing is left to be pruned
}

// tenantHour is what counts are kept by.
type tenantHour struct {
	tenant tenantdb.ID
	hour   time.Time // UTC
}

// NewRecorder returns a recorder; nothing runs until it is told to. The catalog is that of dir.
// From now on the Dir keeps what it counts for it: flush it, or let Run.
func NewRecorder(dir *tenantdb.Dir, cat *catalog.Catalog, o RecorderOptions) (*Recorder, error) {
	if dir == nil || cat == nil {
		return nil, failed("new recorder", fmt.Errorf("the Dir or the catalog is nil: %w", tenantdb.ErrNoHandle))
	}
	if o.Every <= 0 {
		o.Every = defaultRecordEvery
	}
	if o.KeepDays == 0 {
		o.KeepDays = defaultKeepDays
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &Recorder{dir: dir, catalog: cat, options: o, turn: make(chan struct{}, 1), since: o.Now(), pending: map[tenantHour]catalog.Usage{}}
	r.take()
	return r, nil
}

// Run flushes on and on, and once more when ctx ends, for which it takes up to ten seconds; then it
// returns the cause. End it after the last calls, and before the Dir is closed. It starts
// nothing that goes on when it has returned.
func (r *Recorder) Run(ctx context.Context) error {
	for {
		now := r.options.Now()
		timer := time.NewTimer(min(untilNext(now, r.options.Every), untilNext(now, time.Hour)))
		select {
		case <-timer.C:
			r.tell(r.Flush(ctx))
		case <-ctx.Done():
			timer.Stop()
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
			defer cancel()
			r.tell(r.Flush(last))
			return context.Cause(ctx)
		}
	}
}

func (r *Recorder) tell(err error) {
	if err != nil && r.options.Failed != nil {
		r.options.Failed(err)
	}
}

// Flush writes what was counted since the last flush, in one transaction, and removes what is
// older than is kept, some of it at a time. When it fails, or ctx ends before, what it was to
// write is kept for the next, but for an error that is [tenantdb.ErrOutcomeUnknown].
func (r *Recorder) Flush(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return failed("record usage", context.Cause(ctx))
	}
	r.take()
	prune, before := r.toPrune()
	if len(r.pending) == 0 && !prune {
		return nil
	}
	all := make([]catalog.Usage, 0, len(r.pending))
	for _, one := range r.pending {
		all = append(all, one)
	}
	// The last size of a tenant is to be the one that stays; and rows in the tables' order take less time.
	slices.SortFunc(all, func(a, b catalog.Usage) int {
		return cmp.Or(a.Hour.Compare(b.Hour), strings.Compare(a.Tenant.String(), b.Tenant.String()))
	})
	left := false
	err := r.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if err := tx.AddUsage(ctx, all); err != nil || !prune {
			return err
		}
		n, err := tx.PruneUsage(ctx, before, pruneAtOnce)
		left = n == pruneAtOnce
		return err
	})
	switch {
	case err == nil:
		clear(r.pending)
		if prune && !left {
			r.pruned = before
		}
	case errors.Is(err, tenantdb.ErrOutcomeUnknown):
		clear(r.pending) // to add it once more could add it twice
	case len(r.pending) > mostPending:
		err = fmt.Errorf("%w; the counts of %d tenants and hours could not be written for so long that they are dropped", err, len(r.pending))
		clear(r.pending)
	}
	return failed("record usage", err)
}

// take adds what the Dir has counted to what is pending. Its caller has the turn.
func (r *Recorder) take() {
	since := r.since
	hour := since.UTC().Truncate(time.Hour)
	r.since = r.options.Now()
	for _, n := range r.dir.TakeUsage(registry.Permit{}) {
		key := tenantHour{n.Tenant, hour}
		one, waits := r.pending[key]
		if !waits {
			one.Tenant, one.Hour, one.Since = n.Tenant, hour, since
		}
		one.Calls, one.Errors, one.Slow = one.Calls+n.Calls, one.Errors+n.Errors, one.Slow+n.Slow
		if n.Size > 0 {
			one.Size = n.Size
		}
		r.pending[key] = one
	}
}

// toPrune reports whether something may be too old to be kept, and from when on it is not.
func (r *Recorder) toPrune() (prune bool, before time.Time) {
	if r.options.KeepDays < 0 || r.options.KeepDays >= forEver {
		return false, before
	}
	before = r.since.UTC().Truncate(time.Hour).AddDate(0, 0, -r.options.KeepDays)
	return before.After(r.pruned), before
}
