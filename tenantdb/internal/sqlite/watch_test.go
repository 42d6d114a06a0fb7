package sqlite_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// endless yields one row and then runs for ever.
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i = 1"

func TestAnEndlessStatementIsStoppedWhenItsContextEnds(t *testing.T) {
	theCause := errors.New("the client went away")
	for name, tt := range map[string]struct {
		end  func(context.Context) context.Context
		want []error
	}{
		"cancelled": {func(ctx context.Context) context.Context {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx
		}, []error{context.Canceled}},
		"with a cause": {func(ctx context.Context) context.Context {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(theCause)
			return ctx
		}, []error{context.Canceled, theCause}},
		"past its deadline": {func(ctx context.Context) context.Context {
			ctx, cancel := context.WithTimeout(ctx, -1)
			cancel()
			return ctx
		}, []error{context.DeadlineExceeded}},
	} {
		t.Run(name, func(t *testing.T) {
			c := memory(t, sqlite.Queries, "CREATE TABLE t (a)")
			s := mustCache(t, c, endless)
			c.Watch(t.Context(), 0)
			if row, err := s.Step(); !row || err != nil {
				t.Fatal(row, err)
			}
			c.Watch(tt.end(t.Context()), 0)
			_, err := s.Step()
			for _, want := range append(tt.want, sqlite.ErrInterrupted) {
				if !errors.Is(err, want) {
					t.Errorf("got %v, which is not %v", err, want)
				}
			}
			if sqlite.Broken(err) {
				t.Error("the connection counts as broken")
			}
			s.Reset()
			c.Unwatch()
			exec(t, c, "INSERT INTO t VALUES (1)")
		})
	}
}

// lasting is a context that ends when it has been asked about a number of times.
type lasting struct {
	context.Context
	asked, end int
}

func (c *lasting) Err() error {
	if c.asked++; c.asked <= c.end {
		return nil
	}
	return context.Canceled
}

func TestTheContextIsLookedAtAgainAndAgainWhileAStatementRuns(t *testing.T) {
	c := memory(t, sqlite.Queries)
	ctx := &lasting{Context: t.Context(), end: 100}
	c.Watch(ctx, 0)
	defer c.Unwatch()
	err := app(c, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO nowhere SELECT i FROM n")
	if err == nil || ctx.asked > 0 {
		t.Fatalf("preparing: %v, asked %d times", err, ctx.asked)
	}
	if err := app(c, endless); !errors.Is(err, context.Canceled) || ctx.asked <= ctx.end {
		t.Errorf("got %v after %d looks", err, ctx.asked)
	}
}

func TestAWriteThatIsStoppedLeavesNothing(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (a)")
	c.Watch(&lasting{Context: t.Context(), end: 10}, 0)
	if err := app(c, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO t SELECT i FROM n"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	c.Unwatch()
	wantText(t, c, "SELECT count(*) FROM t", "0")
}

// twoOnOneFile opens two connections, the first of which holds the write lock.
func twoOnOneFile(t *testing.T) (holder, waiter *sqlite.Conn) {
	t.Helper()
	path := file(t, "CREATE TABLE t (a)")
	holder, waiter = open(t, path, sqlite.Config{}), open(t, path, sqlite.Config{})
	exec(t, holder, "BEGIN IMMEDIATE")
	return holder, waiter
}

func TestALockIsWaitedForAsLongAsItMayBe(t *testing.T) {
	for _, wait := range []time.Duration{0, time.Millisecond, 3 * time.Millisecond, 5 * time.Second, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			_, waiter := twoOnOneFile(t)
			start := time.Now()
			waiter.Watch(t.Context(), wait)
			err := waiter.Exec("BEGIN IMMEDIATE")
			if !errors.Is(err, sqlite.ErrBusy) || sqlite.Broken(err) {
				t.Errorf("got %v", err)
			}
			if waited := time.Since(start); waited != wait {
				t.Errorf("waited %v of %v", waited, wait)
			}
		})
	}
}

func TestNoLockIsWaitedForOutsideWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, waiter := twoOnOneFile(t)
		start := time.Now()
		waiter.Watch(t.Context(), someWait)
		waiter.Unwatch()
		if err := waiter.Exec("BEGIN IMMEDIATE"); !errors.Is(err, sqlite.ErrBusy) || time.Since(start) != 0 {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

func TestALockIsTakenSoonAfterItIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		holder, waiter := twoOnOneFile(t)
		const held = 777 * time.Millisecond
		done := make(chan error, 1)
		time.AfterFunc(held, func() { done <- holder.Exec("COMMIT") })
		start := time.Now()
		waiter.Watch(t.Context(), someWait)
		if err := errors.Join(waiter.Exec("BEGIN IMMEDIATE"), <-done); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < held || waited > held+100*time.Millisecond {
			t.Errorf("waited %v for a lock held %v", waited, held)
		}
	})
}

func TestTheWaitForALockEndsWithTheContext(t *testing.T) {
	for name, tt := range map[string]struct {
		after time.Duration
		start func(context.Context, time.Duration) (context.Context, context.CancelFunc)
		want  error
	}{
		"deadline": {time.Second, context.WithTimeout, context.DeadlineExceeded},
		"cancel": {time.Second, func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(after, cancel)
			return ctx, cancel
		}, context.Canceled},
		"ended before": {0, context.WithTimeout, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, waiter := twoOnOneFile(t)
				start := time.Now()
				ctx, cancel := tt.start(t.Context(), tt.after)
				defer cancel()
				waiter.Watch(ctx, someWait)
				err := waiter.Exec("BEGIN IMMEDIATE")
				if !errors.Is(err, tt.want) || !errors.Is(err, sqlite.ErrBusy) || time.Since(start) != tt.after {
					t.Errorf("got %v after %v", err, time.Since(start))
				}
			})
		})
	}
}

// Opening needs the file too, where another process has it to itself.
func TestOpenWaitsNoLongerThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := file(t, "CREATE TABLE t (a)")
		held := open(t, path, sqlite.Config{Mode: sqlite.Exclusive})
		exec(t, held, "BEGIN EXCLUSIVE", "COMMIT")
		start := time.Now()
		const wait = 2 * time.Second
		c, err := sqlite.Open(t.Context(), path, wait, sqlite.Config{})
		if err == nil {
			defer c.Close()
			c.Watch(t.Context(), wait)
			err = c.Exec("SELECT count(*) FROM t")
		}
		if !errors.Is(err, sqlite.ErrBusy) || time.Since(start) != wait {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

// Who waits is told of it after two seconds, and again whenever it has waited twice as long.
func TestAWaitIsToldOfWhenItLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := file(t, "CREATE TABLE t (a)")
		var waits []time.Duration
		holder, waiter := open(t, path, sqlite.Config{}), open(t, path, sqlite.Config{Waits: func(of string, waited time.Duration) {
			if of != path {
				t.Errorf("told of %s", of)
			}
			waits = append(waits, waited)
		}})
		exec(t, holder, "BEGIN IMMEDIATE")
		for range 2 { // each wait by itself
			waits = nil
			waiter.Watch(t.Context(), 10*time.Second)
			if err := waiter.Exec("BEGIN IMMEDIATE"); !errors.Is(err, sqlite.ErrBusy) {
				t.Errorf("got %v", err)
			}
			for i, want := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
				if len(waits) != 3 || waits[i] < want || waits[i] > want+time.Second {
					t.Fatalf("told after %v", waits)
				}
			}
		}
		waits = nil
		waiter.Watch(t.Context(), 1900*time.Millisecond)
		if err := waiter.Exec("BEGIN IMMEDIATE"); !errors.Is(err, sqlite.ErrBusy) || waits != nil {
			t.Errorf("got %v, told after %v", err, waits)
		}
	})
}
