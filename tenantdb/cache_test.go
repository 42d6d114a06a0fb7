package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// descriptors counts the process's descriptors of files below a folder; 0 where that is not known.
func descriptors(folder string) (n int) {
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		return 0
	}
	for _, link := range links {
		if path, err := os.Readlink(link); err == nil && strings.HasPrefix(path, folder+string(filepath.Separator)) {
			n++
		}
	}
	return n
}

func TestManyGoroutinesOnManyTenantsEachReadTheirOwnRows(t *testing.T) {
	const (
		workers = 8
		tenants = 200
		limit   = 16
		rounds  = 150
	)
	folder := t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder, MaxOpen: limit, Wait: patience})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[notes](t, dir)
	contexts := make([]context.Context, tenants)
	var written [tenants]atomic.Int64
	for i := range tenants {
		name := fmt.Sprintf("t%d", i)
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
		contexts[i] = tenanttest.Context(t, name)
	}
	one := func(worker, round int) error {
		// A few tenants are hot, so that several workers meet in one.
		i := rand.IntN(tenants)
		if round%3 == 0 {
			i %= 4
		}
		ctx := contexts[i]
		db, err := store.Resolve(ctx)
		if err != nil {
			return err
		}
		if open := dir.Stats().Open; open > limit {
			return fmt.Errorf("%d tenants are open", open)
		}
		atLeast := written[i].Load()
		body := fmt.Sprintf("t%d of %d in %d", i, worker, round)
		if round%2 == 0 {
			err = add(ctx, db, body)
		} else {
			err = db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
				return errors.Join(add(ctx, tx, body), add(ctx, tx, body+" again"))
			})
		}
		if err != nil {
			return err
		}
		written[i].Add(1)
		bodies, err := list(ctx, db)
		if err != nil {
			return err
		}
		if int64(len(bodies)) <= atLeast {
			return fmt.Errorf("tenant %d has %d rows after %d acknowledged", i, len(bodies), atLeast+1)
		}
		for _, b := range bodies {
			var owner int
			if _, err := fmt.Sscanf(b, "t%d of", &owner); err != nil || owner != i {
				return fmt.Errorf("tenant %d reads %q", i, b)
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for round := range rounds {
				if err := one(worker, round); err != nil {
					t.Errorf("worker %d, round %d: %v", worker, round, err)
					return
				}
			}
		})
	}
	wg.Wait()
	stats := dir.Stats()
	if stats.InUse != 0 || stats.Open > limit || stats.Closed == 0 {
		t.Errorf("at the end: %+v", stats)
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	if n := descriptors(dir.Path()); n > 0 {
		t.Errorf("%d descriptors are open after Close", n)
	}
	if err := tenanttest.Check(t.Context(), folder); err != nil {
		t.Error(err)
	}
}

func TestManyWritersOfOneTenantNeverMeetALock(t *testing.T) {
	ctx, acme := create(t, openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Wait: patience})), "acme")
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			for round := range 25 {
				if err := add(ctx, acme, fmt.Sprint(worker, round)); err != nil {
					t.Error(err)
				}
				if _, err := count(ctx, acme, countNotes); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := count(ctx, acme, countNotes); err != nil || n != 16*25 {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestWhenAllOpenTenantsAreInUseAnotherWaitsUntilItsContextEnds(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{MaxOpen: 1})
	store := openStore[notes](t, dir)
	acmeCtx, acme := create(t, store, "acme")
	if err := store.Create(t.Context(), tenanttest.ID(t, "globex")); err != nil {
		t.Fatal(err)
	}
	err := acme.Read(acmeCtx, func(context.Context, *tenantdb.ReadTx[notes]) error {
		ctx, cancel := context.WithTimeout(tenanttest.Context(t, "globex"), 10*time.Millisecond)
		defer cancel()
		_, err := store.Resolve(ctx)
		if !errors.Is(err, tenantdb.ErrTooManyOpen) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Resolve(tenanttest.Context(t, "globex")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := list(acmeCtx, acme); err != nil {
		t.Errorf("the handle of the tenant that was closed: %v", err)
	}
}

func TestIdleTenantsAreClosedAndReopenedByTheNextCall(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
		if err != nil {
			t.Fatal(err)
		}
		ctx, db := create(t, openStore[notes](t, dir), "acme")
		if err := add(ctx, db, "x"); err != nil {
			t.Fatal(err)
		}
		pass(9 * time.Minute)
		if s := dir.Stats(); s.Open != 1 {
			t.Errorf("after 9 minutes: %+v", s)
		}
		pass(2 * time.Minute)
		if s := dir.Stats(); s.Open != 0 || s.Closed != 1 {
			t.Errorf("after 11 minutes: %+v", s)
		}
		if got, err := list(ctx, db); err != nil || len(got) != 1 {
			t.Errorf("the next call: %q, %v", got, err)
		}
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestWaitersForTheWriterAreServedInOrder(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
		if err != nil {
			t.Fatal(err)
		}
		defer dir.Close()
		ctx, db := create(t, openStore[notes](t, dir), "acme")
		hold, held := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			err := db.Write(ctx, func(context.Context, *tenantdb.Tx[notes]) error { close(held); <-hold; return nil })
			if err != nil {
				t.Error(err)
			}
		})
		<-held
		for i := range 10 {
			wg.Go(func() {
				if err := add(ctx, db, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // until it waits for the writer
		}
		close(hold)
		wg.Wait()
		got, err := list(ctx, db)
		if err != nil || fmt.Sprint(got) != "[0 1 2 3 4 5 6 7 8 9]" {
			t.Errorf("served in the order %q, %v", got, err)
		}
	})
}

func BenchmarkPointRead(b *testing.B) {
	acme := tenanttest.New(b, tenantdb.OpenStore[notes]).Tenant("acme")
	if err := add(acme.Context, acme.DB, "x"); err != nil {
		b.Fatal(err)
	}
	byID := query.Read("NoteByID", "notes.sql:50", "SELECT body FROM notes WHERE id = ?1")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := query.One(acme.Context, tenantdb.Bind(acme.DB), byID, scanText, query.Int(1)); err != nil {
			b.Fatal(err)
		}
	}
}
