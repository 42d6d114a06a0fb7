package tenantdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// Workers use a tenant while its file is retired, reinstated and restored, and so does
// another process. What they are acknowledged must be there.

// writtenNote is one that was acknowledged, and the time on a clock of the test's at which
// its write began.
type writtenNote struct {
	body  string
	began int64
}

// worker writes to acme until over is closed, by handles that it resolves again when they
// end. It returns what was acknowledged.
func worker(store *tenantdb.Store[notes], name string, clock *atomic.Int64, over <-chan struct{}) (acknowledged []writtenNote, err error) {
	ctx, err := tenantdb.WithTenant(context.Background(), idOf("acme"))
	if err != nil {
		return nil, err
	}
	var db *tenantdb.TenantDB[notes]
	for i := 0; ; i++ {
		select {
		case <-over:
			return acknowledged, nil
		default:
		}
		if db == nil {
			if db, err = store.Resolve(ctx); err != nil {
				if !errors.Is(err, tenantdb.ErrUnknownTenant) && !errors.Is(err, tenantdb.ErrLocked) {
					return acknowledged, err
				}
				db = nil
				continue
			}
		}
		note := writtenNote{fmt.Sprint(name, " ", i), clock.Add(1)}
		err := add(ctx, db, note.body)
		switch {
		case err == nil:
			acknowledged = append(acknowledged, note)
		case errors.Is(err, tenantdb.ErrTenantGone):
			db = nil
		case !errors.Is(err, tenantdb.ErrLocked):
			return acknowledged, err
		}
	}
}

// writeInTurns is the other process: for each line that it is given it opens the folder,
// writes a little and closes it. It tells of what was acknowledged.
func writeInTurns(args []string) error {
	turns := bufio.NewScanner(os.Stdin)
	for i := 0; turns.Scan(); i++ {
		dir, store, err := childStore[notes](args[0])
		if err != nil {
			return err
		}
		ctx, db, err := childTenant(store, "acme")
		for j := 0; err == nil && j < 5; j++ {
			body := fmt.Sprintf("child %d.%d", i, j)
			if err = add(ctx, db, body); err == nil {
				fmt.Println(body)
			}
		}
		if errors.Is(err, tenantdb.ErrUnknownTenant) || errors.Is(err, tenantdb.ErrTenantGone) || errors.Is(err, tenantdb.ErrLocked) || errors.Is(err, tenantdb.ErrWriterBusy) {
			err = nil // the workers here leave it little
		}
		if err := errors.Join(err, dir.Close()); err != nil {
			return err
		}
	}
	return nil
}

// along runs f while 8 workers use acme, and another process as often as f calls turn. It returns what was
// acknowledged to the workers and to the process.
func along(t *testing.T, store *tenantdb.Store[notes], clock *atomic.Int64, f func(turn func())) (here []writtenNote, there []string) {
	t.Helper()
	c := childtest.Start(t, "writeInTurns", store.Dir().Path())
	over := make(chan struct{})
	var mu sync.Mutex
	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			notes, err := worker(store, fmt.Sprint("worker ", i), clock, over)
			if err != nil {
				t.Errorf("worker %d: %v", i, err)
			}
			mu.Lock()
			defer mu.Unlock()
			here = append(here, notes...)
		})
	}
	var hearing sync.WaitGroup
	hearing.Go(func() {
		for c.Out.Scan() {
			there = append(there, c.Out.Text())
		}
	})
	f(func() {
		if _, err := fmt.Fprintln(c.In, "turn"); err != nil {
			t.Error(err)
		}
	})
	close(over)
	workers.Wait()
	_ = c.In.Close()
	hearing.Wait()
	if err := c.Wait(); err != nil {
		t.Errorf("the child: %v, %s", err, c.Said())
	}
	return here, there
}

// untilFree repeats an operation as long as another process has the tenant open.
func untilFree(t *testing.T, f func() error) (refused int) {
	t.Helper()
	for {
		err := f()
		if err == nil {
			return refused
		}
		if !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) && !errors.Is(err, tenantdb.ErrLocked) {
			t.Error(err)
			return refused
		}
		refused++
	}
}

// present returns the notes that acme has.
func present(t *testing.T, store *tenantdb.Store[notes]) map[string]bool {
	t.Helper()
	acme := reopened(t, store, "acme")
	bodies, err := query.Many(acme.Context, tenantdb.Bind(acme.DB), listNotes, scanText)
	if err != nil {
		t.Fatal(err)
	}
	has := make(map[string]bool, len(bodies))
	for _, body := range bodies {
		has[body] = true
	}
	return has
}

func roundsOf(t *testing.T) int {
	switch {
	case tortureSteps(t) > 0:
		return 200
	case testing.Short():
		return 3
	}
	return 15
}

func TestNoAcknowledgedWriteIsLostWhileATenantIsRetiredAndReinstated(t *testing.T) {
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Wait: patience}))
	create(t, store, "acme")
	var clock atomic.Int64
	refused := 0
	here, there := along(t, store, &clock, func(turn func()) {
		for range roundsOf(t) {
			turn()
			var r tenantdb.Retired
			refused += untilFree(t, func() (err error) {
				r, err = store.Retire(t.Context(), idOf("acme"))
				return err
			})
			refused += untilFree(t, func() error { return store.Reinstate(t.Context(), r) })
			for began := clock.Load(); clock.Load() < began+50; {
				runtime.Gosched() // some writes
			}
		}
	})
	has, lost := present(t, store), 0
	for _, note := range here {
		if !has[note.body] {
			lost++
		}
	}
	for _, body := range there {
		if !has[body] {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged writes are lost", lost, len(here)+len(there))
	}
	t.Logf("%d acknowledged here, %d in the other process, refused %d times", len(here), len(there), refused)
}

func TestNoWriteOfARestoredTenantGoesIntoTheOldFile(t *testing.T) {
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Wait: patience}))
	ctx, acme := create(t, store, "acme")
	if err := add(ctx, acme, "in the copy"); err != nil {
		t.Fatal(err)
	}
	source, _ := snapshotOf(t, store, acme.Tenant())
	var clock atomic.Int64
	var restored int64
	refused := 0
	here, there := along(t, store, &clock, func(turn func()) {
		for range roundsOf(t) {
			turn()
			refused += untilFree(t, func() error { return store.Restore(t.Context(), acme.Tenant(), source) })
			restored = clock.Load()
			for clock.Load() < restored+100 { // some writes, and a copy of them meanwhile
				if _, err := store.Snapshot(t.Context(), acme.Tenant(), t.TempDir()+"/copy.db", tenantdb.SnapshotOptions{}); err != nil {
					t.Error(err)
				}
			}
		}
	})
	has, since, lost := present(t, store), 0, 0
	for _, note := range here {
		if note.began <= restored {
			continue
		}
		since++
		if !has[note.body] {
			lost++
		}
	}
	if lost > 0 || since == 0 || !has["in the copy"] {
		t.Errorf("%d of %d writes acknowledged since it was restored are lost; it has %d notes", lost, since, len(has))
	}
	t.Logf("%d acknowledged here, %d of them since the last time, %d in the other process, refused %d times", len(here), since, len(there), refused)
}
