package catalog

import (
	"context"
	"fmt"
	"hash/maphash"
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
	m := newMemory[string, bool](c.db, maphash.String)
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
	m := newMemory[int, bool](c.db, func(seed maphash.Seed, i int) uint64 { return maphash.Comparable(seed, i) })
	for i := range 2 * shards * shardSize {
		if _, err := m.get(t.Context(), i, func(context.Context, *catalogdb.Reader, int) (bool, error) { return false, nil }); err != nil {
			t.Fatal(err)
		}
	}
	kept, known := 0, m.known.Load()
	for i := range known.shards {
		kept += len(known.shards[i].of)
	}
	if kept > shards*shardSize {
		t.Errorf("%d are remembered", kept)
	}
}
