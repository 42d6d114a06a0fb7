package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAnIdleReaderIsOutOfOthersWayOnceTheKeeperHasLookedTwice(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "x"); err != nil {
		t.Fatal(err)
	}
	warm(t, acme)
	if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
		t.Fatal(err)
	}
	if logSize(t, kit, "acme") == 0 {
		t.Error("a reader that was just used has kept no snapshot")
	}
	for range 2 {
		tenantdb.KeeperLooks(kit.Dir)
	}
	if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
		t.Fatal(err)
	}
	if size := logSize(t, kit, "acme"); size > 0 {
		t.Errorf("the log has %d bytes: it is still read from", size)
	}
}

func TestALogThatHasBecomeAsLongAsItWasIsNotTakenForTheSame(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	change := query.Write("ChangeNote", "notes.sql:70", "UPDATE notes SET body = ?1")
	if err := add(acme.Context, acme.DB, "at first"); err != nil {
		t.Fatal(err)
	}
	warm(t, acme)
	for length := range 6 {
		if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
			t.Fatal(err)
		}
		for round := range 4 {
			for i := range length {
				if err := query.Exec(acme.Context, tenantdb.Bind(acme.DB), change, query.Text(fmt.Sprint(length, round, i))); err != nil {
					t.Fatal(err)
				}
			}
			read := func() {
				t.Helper()
				got, err := list(acme.Context, acme.DB)
				if want := fmt.Sprint(length, round, length-1); err != nil || length > 0 && got[0] != want {
					t.Fatalf("it reads %q, %v, want %s", got, err, want)
				}
			}
			read()
			// When all of the log is in the database too, the next commit begins it anew,
			// also under readers that have begun since and do not need it.
			if err := tenantdb.Checkpoint(acme.Context, acme.DB); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				read()
			}
		}
	}
}

func TestACommitWhileASnapshotIsTakenIsSeenByTheNextCall(t *testing.T) {
	// Each way of reading, on a connection that has to look into the files.
	ways := map[string]func(acme tenanttest.Tenant[notes]) ([]string, error){
		"a query": func(acme tenanttest.Tenant[notes]) ([]string, error) { return list(acme.Context, acme.DB) },
		"Read": func(acme tenanttest.Tenant[notes]) (bodies []string, err error) {
			err = acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) (err error) {
				bodies, err = list(ctx, tx)
				return err
			})
			return bodies, err
		},
	}
	for name, read := range ways {
		t.Run(name, func(t *testing.T) {
			kit := tenanttest.New(t, tenantdb.OpenStore[notes])
			tenantdb.StopKeeper(kit.Dir)
			plan := sqlitefault.Below(t, kit.Dir.Path())
			acme := kit.Tenant("acme")
			written := 0
			write := func() error {
				written++
				return add(acme.Context, acme.DB, fmt.Sprint(written))
			}
			if err := write(); err != nil {
				t.Fatal(err)
			}
			warm(t, acme) // else the writer would wait for the read that waits for it
			hits := 0
			for n := range 8 {
				file, after := sqlitefault.File(n%2), n/2
				for calls := range 4 {
					// The reader has or has not a snapshot open, which is now an old one, and its
					// pages are read from the files again.
					var err error
					for range calls {
						_, readErr := read(acme)
						err = errors.Join(err, readErr)
					}
					err = errors.Join(err, write())
					if err != nil {
						t.Fatal(err)
					}
					plan.Arm(sqlitefault.Fault{File: file, Op: sqlitefault.Read, After: after, Meanwhile: func() { err = write() }})
					_, readErr := read(acme)
					hits += plan.Disarm()
					if err := errors.Join(err, readErr); err != nil {
						t.Fatal(err)
					}
					for range 3 {
						if bodies, err := read(acme); err != nil || len(bodies) != written {
							t.Fatalf("it reads %d rows, %v, of %d that were acknowledged", len(bodies), err, written)
						}
					}
				}
			}
			if hits == 0 {
				t.Error("no commit came while a snapshot was taken")
			}
		})
	}
}
