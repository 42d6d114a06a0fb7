package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestATenantThatNobodyUsesRestsAfterSomeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := tenanttest.New(t, tenantdb.OpenStore[notes])
		acme, globex := kit.Two()
		warm(t, acme)
		warm(t, globex)
		for range 60 { // globex stays in use
			pass(100 * time.Millisecond)
			if _, err := list(globex.Context, globex.DB); err != nil {
				t.Fatal(err)
			}
		}
		if a, g := tenantdb.Readers(t, kit.Dir, acme.DB), tenantdb.Readers(t, kit.Dir, globex.DB); a != 0 || g != 1 {
			t.Errorf("%d and %d readers are open, want none of acme's", a, g)
		}
		warm(t, acme)
		if n := tenantdb.Readers(t, kit.Dir, acme.DB); n != 1 {
			t.Errorf("%d readers are open after many reads", n)
		}
	})
}

func TestReadsThatAreFewAtATimeOpenNoReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := tenanttest.New(t, tenantdb.OpenStore[notes])
		acme := kit.Tenant("acme")
		for range 10 {
			for range tenantdb.GuestReads / 2 {
				if _, err := list(acme.Context, acme.DB); err != nil {
					t.Fatal(err)
				}
			}
			pass(time.Second)
		}
		if n := tenantdb.Readers(t, kit.Dir, acme.DB); n != 0 {
			t.Errorf("%d readers are open", n)
		}
	})
}

func TestATenantThatRestsHasNoPagesAndReadsAndWritesAsBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // in which the keeper looks when it is told to
		kit := tenanttest.New(t, tenantdb.OpenStore[notes])
		acme := kit.Tenant("acme")
		var want []string
		for i := range 4 {
			body := fmt.Sprint(i, strings.Repeat("x", i*5000)) // also in memory that is not kept
			if err := add(acme.Context, acme.DB, body); err != nil {
				t.Fatal(err)
			}
			want = append(want, body)
			warm(t, acme)
			used := tenantdb.UsageOf(t, kit.Dir, acme.DB)
			tenantdb.KeeperRests(kit.Dir)
			rests := tenantdb.UsageOf(t, kit.Dir, acme.DB)
			if rests.Pages >= used.Pages || rests.Statements != used.Statements {
				t.Errorf("in use it has %+v, resting %+v", used, rests)
			}
			if got, err := list(acme.Context, acme.DB); err != nil || !slices.Equal(got, want) {
				t.Errorf("then it reads %d rows, %v, want %d", len(got), err, len(want))
			}
		}
	})
}

func TestATenantInUseDoesNotRest(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
		err := add(ctx, tx, "written before")
		tenantdb.KeeperRests(kit.Dir)
		return errors.Join(err, add(ctx, tx, "written after"))
	})
	if err != nil {
		t.Error(err)
	}
	err = acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
		if err := add(acme.Context, acme.DB, "not seen"); err != nil {
			return err
		}
		tenantdb.KeeperRests(kit.Dir)
		got, err := list(ctx, tx)
		if want := []string{"written before", "written after"}; !slices.Equal(got, want) {
			t.Errorf("Read sees %q, want %q", got, want)
		}
		return err
	})
	if n := tenantdb.Readers(t, kit.Dir, acme.DB); err != nil || n != 1 {
		t.Errorf("%d readers are open, %v; the one that was in use is to be", n, err)
	}
	tenantdb.KeeperRests(kit.Dir)
	if n := tenantdb.Readers(t, kit.Dir, acme.DB); n != 0 {
		t.Errorf("%d readers are open when nobody uses them", n)
	}
}
