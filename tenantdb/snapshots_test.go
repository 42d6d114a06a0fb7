package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// prefixOf returns how many notes a copy has of each writer, which must be its first ones.
func prefixOf(t *testing.T, path string, writers int) []int64 {
	t.Helper()
	conn, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	has := make([]int64, writers)
	err = conn.Query("SELECT substr(body, 1, 1), count(*), max(CAST(substr(body, 3) AS INTEGER)) FROM notes GROUP BY 1", func(row *sqlite.Stmt) {
		writer := row.ColumnInt(0)
		has[writer] = row.ColumnInt(1)
		if row.ColumnInt(2) != has[writer]-1 {
			t.Errorf("of writer %d there are %d notes up to number %d", writer, has[writer], row.ColumnInt(2))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return has
}

func TestEverySnapshotIsAPrefixOfWhatWasWrittenMeanwhile(t *testing.T) {
	const writers = 4
	snapshots, each := 200, 40 // writers write so much between two snapshots, at most
	switch {
	case tortureSteps(t) > 0:
		snapshots, each = 1000, 10 // the copies are looked through, and grow
	case testing.Short():
		snapshots = 20
	}
	dir := tenanttest.Dir(t, tenantdb.Options{Wait: patience})
	store := openStore[notes](t, dir)
	ctx, acme := create(t, store, "acme")
	var acknowledged [writers]atomic.Int64
	turns := make(chan struct{}, writers*each)
	var writing sync.WaitGroup
	for writer := range writers {
		writing.Go(func() {
			for range turns {
				n := acknowledged[writer].Load()
				if err := add(ctx, acme, fmt.Sprint(writer, " ", n)); err != nil {
					t.Error(err)
					return
				}
				acknowledged[writer].Add(1)
			}
		})
	}
	folder := t.TempDir()
	for i := range snapshots {
		for len(turns) < cap(turns) {
			turns <- struct{}{}
		}
		var before [writers]int64
		for writer := range before {
			before[writer] = acknowledged[writer].Load()
		}
		path := filepath.Join(folder, fmt.Sprint(i, ".db"))
		if _, err := store.Snapshot(context.Background(), acme.Tenant(), path, tenantdb.SnapshotOptions{}); err != nil {
			t.Fatal(err)
		}
		if i%20 == 0 {
			tenantdb.EvictIdle(dir, 1)
		}
		for writer, has := range prefixOf(t, path, writers) {
			if has < before[writer] {
				t.Errorf("snapshot %d has %d notes of writer %d, of which %d were acknowledged before", i, has, writer, before[writer])
			}
		}
		if err := tenanttest.Check(t.Context(), folder); err != nil {
			t.Error(err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	close(turns)
	writing.Wait()
}

func TestASnapshotIsOfTheStateInWhichItBeganWhateverIsCommittedMeanwhile(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	for i := range 400 { // some 1.6 MB
		if err := add(acme.Context, acme.DB, fmt.Sprintf("0 %-4000d", i)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	steps, last := 0, -1
	m, err := kit.Store.Snapshot(t.Context(), acme.ID, path, tenantdb.SnapshotOptions{Progress: func(copied, pages int) {
		if copied <= last {
			t.Errorf("it has begun anew: %d pages after %d", copied, last)
		}
		last = copied
		for i := range 50 { // and a checkpoint, at which they are in the way of nobody
			if err := add(acme.Context, acme.DB, fmt.Sprintf("9 %d %-4000d", steps, i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := tenantdb.Checkpoint(acme.Context, acme.DB); err != nil {
			t.Fatal(err)
		}
		steps++
	}})
	if err != nil || steps < 2 || int64(last) != m.Pages {
		t.Fatalf("%d steps, %d of %d pages, %v", steps, last, m.Pages, err)
	}
	if got := ask(t, path, "SELECT count(*) FROM notes"); got != "400" {
		t.Errorf("the copy has %s notes", got)
	}
}

func TestASlowSnapshotIsGivenUpOnceTheLogIsTooLong(t *testing.T) {
	log := filepath.Join(t.TempDir(), "a.db-wal")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const mega = 1 << 20
	for name, tt := range map[string]struct {
		log         int64
		lasted      time.Duration
		limit, size int64
		ends        bool
	}{
		"a long log":                    {300 * mega, time.Minute, 0, mega, true},
		"not yet for ten seconds":       {300 * mega, 9 * time.Second, 0, mega, false},
		"a log of a tenant as large":    {300 * mega, time.Minute, 0, 300 * mega, false},
		"a log larger than its tenant":  {301 * mega, time.Minute, 0, 300 * mega, true},
		"less than the default":         {255 * mega, time.Minute, 0, mega, false},
		"a limit of the caller's":       {3 * mega, time.Minute, 2 * mega, mega, true},
		"below a limit of the caller's": {3 * mega, time.Minute, 4 * mega, mega, false},
		"without a limit":               {900 * mega, time.Hour, -1, mega, false},
	} {
		if err := os.Truncate(log, tt.log); err != nil { // it takes no room on the disk
			t.Fatal(err)
		}
		if err := tenantdb.LookAtLog(log, tt.lasted, tt.limit, tt.size); errors.Is(err, tenantdb.ErrSnapshotTooOld) != tt.ends {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoWantsTheFileAloneWaitsForItsCopies(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	path := filepath.Join(t.TempDir(), "copy.db")
	deleted := make(chan error, 1)
	_, err := kit.Store.Snapshot(t.Context(), acme.ID, path, tenantdb.SnapshotOptions{Progress: func(int, int) {
		// Longer than it would wait for another process.
		impatient, end := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer end()
		if err := kit.Store.Delete(impatient, acme.ID); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("deleted while it is copied: %v", err)
		}
		if _, err := list(acme.Context, acme.DB); err != nil {
			t.Errorf("then it is there: %v", err)
		}
		go func() { deleted <- kit.Store.Delete(t.Context(), acme.ID) }()
	}})
	if err != nil {
		t.Error(err)
	}
	if err := <-deleted; err != nil {
		t.Errorf("deleted once it was copied: %v", err)
	}
}
