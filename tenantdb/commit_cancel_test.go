package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// writers write one note, each in its way.
var writers = map[string]func(context.Context, *tenantdb.TenantDB[notes], string) error{
	"a query": func(ctx context.Context, db *tenantdb.TenantDB[notes], body string) error { return add(ctx, db, body) },
	"Write": func(ctx context.Context, db *tenantdb.TenantDB[notes], body string) error {
		return db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[notes]) error { return add(ctx, tx, body) })
	},
	"Bulk": func(ctx context.Context, db *tenantdb.TenantDB[notes], body string) error {
		_, err := query.Bulk(ctx, tenantdb.Bind(db), addNote, []string{body}, func(to []query.Value, body *string) []query.Value {
			return append(to, query.Text(*body))
		})
		return err
	},
}

// wantWritten fails unless the note is there if the call said so, and absent if it said
// that its context had ended.
func wantWritten(t *testing.T, acme tenanttest.Tenant[notes], body string, err error) {
	t.Helper()
	got, listErr := list(acme.Context, acme.DB)
	switch there := slices.Contains(got, body); {
	case listErr != nil:
		t.Fatal(listErr)
	case err == nil && !there:
		t.Errorf("%s: the call said that it was written", body)
	case err != nil && there:
		t.Errorf("%s: it was written, and the call said %v", body, err)
	case err != nil && (!errors.Is(err, context.Canceled) || errors.Is(err, tenantdb.ErrOutcomeUnknown)):
		t.Errorf("%s: got %v", body, err)
	}
}

// The context ends at the first look at it, at the second and so on, until there are no
// more looks: so at each point at which a write could stop, up to the last before COMMIT.
func TestAWriteIsThereOrItsCallSaysNotWhereverItsContextEnds(t *testing.T) {
	for name, write := range writers {
		t.Run(name, func(t *testing.T) {
			acme := tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
			for end := int64(1); ; end++ {
				ctx := &lookedAt{Context: acme.Context, end: end}
				body := fmt.Sprint("look ", end)
				err := write(ctx, acme.DB, body)
				wantWritten(t, acme, body, err)
				if ctx.after.Load() == 0 {
					if err != nil || end < 2 {
						t.Errorf("a context that did not end: %v, after %d looks", err, ctx.looks.Load())
					}
					break
				}
			}
		})
	}
}

func TestAWriteIsThereOrItsCallSaysNotWhenAnotherGoroutineCancelsIt(t *testing.T) {
	for name, write := range writers {
		acme := tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
		written := 0
		for i := range 100 {
			ctx, cancel := context.WithCancel(acme.Context)
			started := make(chan struct{})
			go func() { <-started; cancel() }()
			body := fmt.Sprint(name, " ", i)
			close(started)
			err := write(ctx, acme.DB, body)
			cancel()
			wantWritten(t, acme, body, err)
			if err == nil {
				written++
			}
		}
		t.Logf("%s: %d of 100 were written", name, written)
	}
}

// waitedFor is a context that ends when it is waited for the nth time.
type waitedFor struct {
	context.Context
	end   int64
	waits atomic.Int64
	ended chan struct{}
}

func (c *waitedFor) Done() <-chan struct{} {
	if c.waits.Add(1) == c.end {
		close(c.ended)
	}
	return c.ended
}

func (c *waitedFor) Err() error {
	if c.waits.Load() >= c.end {
		return context.Canceled
	}
	return nil
}

// holdLock is within a call of Write to acme until its input ends.
func holdLock(args []string) error {
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	ctx, db, err := childTenant(store, "acme")
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(context.Context, *tenantdb.Tx[notes]) error {
		fmt.Println("writing")
		waitForInput()
		return nil
	})
	return errors.Join(err, dir.Close())
}

func TestTheWaitForAnotherProcessesLockEndsWithTheContext(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{Wait: patience})
	ctx, acme := create(t, openStore[notes](t, dir), "acme")
	c := childtest.Start(t, "holdLock", dir.Path())
	c.Line(t)
	for _, end := range []int64{1, 2, 4} {
		for name, write := range writers {
			ending := &waitedFor{Context: ctx, end: end, ended: make(chan struct{})}
			err := write(ending, acme, "never")
			if !errors.Is(err, context.Canceled) || !errors.Is(err, tenantdb.ErrWriterBusy) {
				t.Errorf("%s: got %v", name, err)
			}
			if n := ending.waits.Load(); n != end {
				t.Errorf("%s: it waited %d times, and its context ended at the %d.", name, n, end)
			}
		}
	}
	c.Finish(t)
	if err := add(ctx, acme, "afterwards"); err != nil {
		t.Error(err)
	}
	if got, err := list(ctx, acme); err != nil || slices.Contains(got, "never") || !slices.Contains(got, "afterwards") {
		t.Errorf("there are %q, %v", got, err)
	}
}
