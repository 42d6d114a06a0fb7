package catalog

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

func TestANameIsReadOnceHoweverOftenItIsAskedForUntilSomethingChanges(t *testing.T) {
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }() // nothing here is about its end
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	m := newMemory[string, bool](c.db, maphash.String, strings.Clone)
	reads := 0
	read := func(context.Context, *catalogdb.Reader, string) (bool, error) {
		reads++
		return false, nil
	}
	const names = 5000
	flood := func() {
		for range 3 {
			for i := range names {
				if _, err := m.get(t.Context(), fmt.Sprint("n", i), read); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	flood()
	if reads != names {
		t.Errorf("%d reads of %d names", reads, names)
	}
	if err := c.Record(t.Context(), Entry{Operation: "look"}); err != nil { // a commit that counts for nobody
		t.Fatal(err)
	}
	flood()
	if reads != names {
		t.Errorf("%d reads of %d names after a commit", reads, names)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Register(t.Context(), Registration{ID: id}); err != nil {
		t.Fatal(err)
	}
	flood()
	if reads != 2*names {
		t.Errorf("%d reads of %d names after a new tenant", reads, names)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }() // nothing here is about its end
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	m := newMemory[int, bool](c.db, func(seed maphash.Seed, i int) uint64 { return maphash.Comparable(seed, i) }, func(i int) int { return i })
	for i := range 2 * mostKept {
		if _, err := m.get(t.Context(), i, func(context.Context, *catalogdb.Reader, int) (bool, error) { return false, nil }); err != nil {
			t.Fatal(err)
		}
	}
	kept, now := 0, m.known.Load()
	for i := range now.table.slots {
		for e := now.table.slots[i].Load(); e != nil; e = e.next {
			kept++
		}
	}
	if kept == 0 || kept > mostKept {
		t.Errorf("%d are remembered", kept)
	}
}

func TestWhatANameWasAPartOfIsNotKeptWithIt(t *testing.T) {
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }() // nothing here is about its end
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	gate := newGate(c.db)
	heap := func() int64 {
		var is runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&is)
		return int64(is.HeapAlloc)
	}
	const requests, size = 100, 1 << 20
	before := heap()
	for i := range requests {
		request := fmt.Sprintf("n%d%s", i, strings.Repeat(" ", size))
		name, _, _ := strings.Cut(request, " ")
		id, err := tenantdb.ParseID(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gate.Admit(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := c.LookupAlias(t.Context(), "domain", name); !errors.Is(err, ErrUnknownAlias) {
			t.Fatal(err)
		}
	}
	if kept := heap() - before; kept > requests*size/2 {
		t.Errorf("%d names keep %d MB of what they were cut out of", requests, kept>>20)
	}
	runtime.KeepAlive(gate)
	runtime.KeepAlive(c)
}
