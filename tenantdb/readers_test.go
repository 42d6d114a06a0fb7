package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// warm reads until a reader is open and keeps its snapshot: the first reads are served
// by the writer's connection. It takes a keeper that does not look meanwhile: one that is
// stopped, or is on a clock that stands.
func warm(t *testing.T, acme tenanttest.Tenant[notes]) {
	t.Helper()
	for range tenantdb.GuestReads + 4 {
		if _, err := list(acme.Context, acme.DB); err != nil {
			t.Fatal(err)
		}
	}
}

// pass lets time pass on the clock of a bubble, and what is due then be done: the keeper, which looks at
// the same moment perhaps, has what it looks at for as long.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestAReaderThatIsIdleKeepsItsSnapshotForLessThanASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := tenanttest.New(t, tenantdb.OpenStore[notes])
		acme, globex := kit.Two()
		warm(t, acme)
		warm(t, globex)
		if a, b := tenantdb.OpenSnapshots(t, kit.Dir, acme.DB), tenantdb.OpenSnapshots(t, kit.Dir, globex.DB); a != 1 || b != 1 {
			t.Fatalf("%d and %d snapshots are open, want one each", a, b)
		}
		for range 30 { // what is used goes on
			pass(100 * time.Millisecond)
			warm(t, acme)
		}
		if a, b := tenantdb.OpenSnapshots(t, kit.Dir, acme.DB), tenantdb.OpenSnapshots(t, kit.Dir, globex.DB); a != 1 || b != 0 {
			t.Errorf("%d and %d snapshots are open, want that of acme alone", a, b)
		}
		pass(999 * time.Millisecond)
		if n := tenantdb.OpenSnapshots(t, kit.Dir, acme.DB); n != 0 {
			t.Errorf("%d snapshots are open after a second", n)
		}
		warm(t, acme)
		if n := tenantdb.OpenSnapshots(t, kit.Dir, acme.DB); n != 1 {
			t.Errorf("%d snapshots are open when it is used again", n)
		}
	})
}

func TestAReaderWithASnapshotSeesWhatOthersHaveCommittedSince(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	// Connections of another Dir are to these what another process's are.
	other, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: kit.Dir.Path()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	elsewhere, err := openStore[notes](t, other).Resolve(acme.Context)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 40 {
		for range i % 4 { // with and without a snapshot that is open
			if got, err := list(acme.Context, acme.DB); err != nil || !slices.Equal(got, want) {
				t.Fatalf("step %d: it reads %q, %v, want %q", i, got, err, want)
			}
		}
		writer := elsewhere
		if i%3 == 0 {
			writer = acme.DB
		}
		body := fmt.Sprint("note ", i)
		if err := add(acme.Context, writer, body); err != nil {
			t.Fatal(err)
		}
		want = append(want, body)
		for _, db := range []*tenantdb.TenantDB[notes]{acme.DB, elsewhere} {
			if got, err := list(acme.Context, db); err != nil || !slices.Equal(got, want) {
				t.Fatalf("step %d: it reads %q, %v, want %q", i, got, err, want)
			}
		}
	}
}

func TestReadSeesThePresentStateThoughAnIdleReaderHasASnapshot(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	for i := range int64(10) {
		warm(t, acme)
		err := acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
			// Nothing has been read in it yet: its snapshot is of its beginning all
			// the same.
			if err := add(acme.Context, acme.DB, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
			for range 2 {
				if n, err := count(ctx, tx, countNotes); err != nil || n != i {
					t.Errorf("Read sees %d, %v, want %d", n, err, i)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := count(acme.Context, acme.DB, countNotes); err != nil || n != i+1 {
			t.Errorf("after it there are %d, %v, want %d", n, err, i+1)
		}
	}
}

func TestATenantWithSnapshotsThatAreOpenCanBeDeleted(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	warm(t, acme)
	if n := tenantdb.OpenSnapshots(t, kit.Dir, acme.DB); n != 1 {
		t.Errorf("%d snapshots are open", n)
	}
	if err := kit.Store.Delete(t.Context(), acme.ID); err != nil {
		t.Fatal(err)
	}
}

func TestTheFirstReadsOpenNoReaderUnlessSomebodyWrites(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir) // which has the writer now and then, and begins to count reads anew
	acme, globex := kit.Two()
	for range 5 {
		if _, err := list(acme.Context, acme.DB); err != nil {
			t.Fatal(err)
		}
	}
	if n := tenantdb.Readers(t, kit.Dir, acme.DB); n != 0 {
		t.Errorf("%d readers are open after few reads", n)
	}
	err := globex.DB.Write(globex.Context, func(context.Context, *tenantdb.Tx[notes]) error {
		_, err := list(globex.Context, globex.DB) // with a context from outside
		return err
	})
	if n := tenantdb.Readers(t, kit.Dir, globex.DB); err != nil || n != 1 {
		t.Errorf("%d readers are open after a read beside a writer, %v", n, err)
	}
	warm(t, acme)
	if n := tenantdb.Readers(t, kit.Dir, acme.DB); n != 1 {
		t.Errorf("%d readers are open after many reads", n)
	}
}

func TestAQueryThatWritesAndWasMadeAsOneThatReadsIsRefusedEverywhere(t *testing.T) {
	acme := tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
	wrong := query.Read("Wrong", "notes.sql", "DELETE FROM notes")
	for i := range tenantdb.GuestReads + 4 {
		if err := query.Exec(acme.Context, tenantdb.Bind(acme.DB), wrong); !errors.Is(err, tenantdb.ErrReadOnly) {
			t.Errorf("call %d: %v", i, err)
		}
		if _, err := list(acme.Context, acme.DB); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFirstReadThatLastsHoldsUpNobodyWhoWrites(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir) // beside which the read would get a reader at once
	acme := kit.Tenant("acme")
	endless := query.Read("Endless", "notes.sql", "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT body FROM notes WHERE (SELECT max(i) FROM n) > 0")
	if err := add(acme.Context, acme.DB, "first"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(acme.Context)
	ended := make(chan error)
	go func() {
		_, err := query.Many(ctx, tenantdb.Bind(acme.DB), endless, scanText)
		ended <- err
	}()
	for tenantdb.WriterIsFree(t, kit.Dir, acme.DB) {
		runtime.Gosched() // until the read has the writer's connection
	}
	if err := add(acme.Context, acme.DB, "second"); err != nil {
		t.Errorf("a write beside it: %v", err)
	}
	for tenantdb.Readers(t, kit.Dir, acme.DB) == 0 {
		runtime.Gosched() // until it has one of its own
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the read, which went on elsewhere, ended with %v", err)
	}
}

func TestAFirstReadDoesNotSeeWhatARollbackFailedToUndo(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	tenantdb.FailToRollBack(t, kit.Dir, acme.DB, "INSERT INTO notes (body) VALUES ('undone')")
	if got, err := list(acme.Context, acme.DB); err != nil || len(got) != 0 {
		t.Errorf("it reads %q, %v", got, err)
	}
	if err := add(acme.Context, acme.DB, "x"); err == nil {
		t.Error("a write went into the transaction that is still open")
	}
	if err := add(acme.Context, acme.DB, "y"); err != nil { // on the file, opened anew
		t.Error(err)
	}
	if got, err := list(acme.Context, acme.DB); err != nil || len(got) != 1 {
		t.Errorf("in the end it reads %q, %v", got, err)
	}
}
