package tenantdb_test

import (
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAnIdleWriterIsOutOfOthersWayOnceTheKeeperHasLookedTwice(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme := kit.Tenant("acme")
	for n := range 3 {
		if err := add(acme.Context, acme.DB, fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
		t.Fatal(err)
	}
	if logSize(t, kit, "acme") == 0 {
		t.Error("a writer that has just written twice holds no snapshot")
	}
	for range 2 {
		tenantdb.KeeperLooks(kit.Dir)
	}
	if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
		t.Fatal(err)
	}
	if size := logSize(t, kit, "acme"); size > 0 {
		t.Errorf("the log has %d bytes: the writer still holds a snapshot", size)
	}
}

func TestReadsAndWritesInTurnSeeEachOtherAndThoseOfAnotherConnection(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	second, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: kit.Dir.Path()})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	store, err := tenantdb.OpenStore[notes](t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Resolve(acme.Context)
	if err != nil {
		t.Fatal(err)
	}
	other := tenanttest.Tenant[notes]{Context: acme.Context, DB: db}
	for i := range 40 {
		for n, by := range []tenanttest.Tenant[notes]{acme, acme, other} {
			if err := add(by.Context, by.DB, fmt.Sprint(i, n)); err != nil {
				t.Fatal(err)
			}
			for _, reader := range []tenanttest.Tenant[notes]{acme, other} {
				if got, err := list(reader.Context, reader.DB); err != nil || len(got) != 3*i+n+1 {
					t.Fatalf("after %d writes it reads %d rows, %v", 3*i+n+1, len(got), err)
				}
			}
		}
	}
}

func TestAWriterThatAnotherHasOvertakenHoldsNothing(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir) // so that no time passes
	acme := kit.Tenant("acme")
	second, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: kit.Dir.Path()})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	store, err := tenantdb.OpenStore[notes](t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Resolve(acme.Context)
	if err != nil {
		t.Fatal(err)
	}
	tenantdb.StopKeeper(second)
	held := 0
	for i := range 100 {
		for n := range 3 {
			if err := add(acme.Context, acme.DB, fmt.Sprint(i, n)); err != nil {
				t.Fatal(err)
			}
		}
		if err := truncateLog(tenantdb.PathOf(acme.DB)); err != nil {
			t.Fatal(err)
		}
		if logSize(t, kit, "acme") > 0 {
			held++
		}
		if err := add(acme.Context, db, fmt.Sprint(i, " by the other")); err != nil {
			t.Fatal(err)
		}
	}
	if held != 2 { // each of the two, before it is overtaken for the first time
		t.Errorf("of 100 times a snapshot was held %d times, want twice", held)
	}
}
