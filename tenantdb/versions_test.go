package tenantdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// Many goroutines of several processes write versions to few tenants: numbers that go up
// by one. Who reads knows which version was acknowledged last, whoever wrote it, and must
// find that or a later one, and both of its halves.

const (
	versioned = 2         // tenants
	half      = 1_000_000 // what the second row of a version has more than the first
)

var (
	bumpVersion = query.Write("BumpVersion", "cells.sql:20", "UPDATE cells SET value = value + 1 WHERE key IN (1, 2) RETURNING value")
	bumpHalf    = query.Write("BumpHalf", "cells.sql:23", "UPDATE cells SET value = value + 1 WHERE key = ?1 RETURNING value")
	readVersion = query.Read("ReadVersion", "cells.sql:26", "SELECT value FROM cells ORDER BY key")
)

// versions is the tenants of one process, and what it was told of them.
type versions struct {
	dir      *tenantdb.Dir
	contexts [versioned]context.Context
	handles  [versioned]*tenantdb.TenantDB[cells]
	told     [versioned]atomic.Int64 // the highest version that anybody was acknowledged
}

func versionedTenant(i int) string { return fmt.Sprintf("t%d", i) }

// newVersions makes a folder of tenants at version 0. At the end of the test its files
// are checked; nobody may have it open then.
func newVersions(t *testing.T) (folder string) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[cells](t, dir)
	for i := range versioned {
		ctx, db := create(t, store, versionedTenant(i))
		for key, value := range []int64{0, half} {
			if _, err := (change{Do: "put", Key: int64(key + 1), Value: value, Size: 100}).run(ctx, db, versionedTenant(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tenanttest.Check(context.Background(), dir.Path()); err != nil {
			t.Error(err)
		}
	})
	return dir.Path()
}

// open opens the folder.
func (v *versions) open(folder string) error {
	dir, store, err := childStore[cells](folder)
	if err != nil {
		return err
	}
	v.dir = dir
	tenantdb.OpenReadersAfter(dir, 4)
	for i := range versioned {
		if v.contexts[i], v.handles[i], err = childTenant(store, versionedTenant(i)); err != nil {
			return errors.Join(err, dir.Close())
		}
	}
	return nil
}

// acknowledged remembers that a version was.
func (v *versions) acknowledged(tenant int, version int64) {
	for told := &v.told[tenant]; ; {
		was := told.Load()
		if was >= version || told.CompareAndSwap(was, version) {
			return
		}
	}
}

// hear reads lines of acknowledgements until there are no more, and returns how many.
func (v *versions) hear(in io.Reader) (n int) {
	for lines := bufio.NewScanner(in); lines.Scan(); n++ {
		var tenant int
		var version int64
		if _, err := fmt.Sscan(lines.Text(), &tenant, &version); err == nil {
			v.acknowledged(tenant, version)
		}
	}
	return n
}

// write writes the next version, in one statement or in a call of Write.
func (v *versions) write(tenant int, inOne bool) (version int64, err error) {
	ctx, db := v.contexts[tenant], v.handles[tenant]
	var got []int64
	if inOne {
		got, err = query.Many(ctx, tenantdb.Bind(db), bumpVersion, scanInt)
	} else {
		err = db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[cells]) error {
			for _, key := range []int64{1, 2} {
				value, err := query.One(ctx, tenantdb.Bind(tx), bumpHalf, scanInt, query.Int(key))
				if err != nil {
					return err
				}
				got = append(got, value)
			}
			return nil
		})
	}
	if err != nil {
		return 0, err
	}
	return v.whole(got)
}

// read reads the version, by one query or twice in one call of Read.
func (v *versions) read(tenant int, alone bool) (version int64, err error) {
	ctx, db := v.contexts[tenant], v.handles[tenant]
	floor := v.told[tenant].Load()
	var got, again []int64
	if alone {
		got, err = query.Many(ctx, tenantdb.Bind(db), readVersion, scanInt)
		again = got
	} else {
		err = db.Read(ctx, func(ctx context.Context, tx *tenantdb.ReadTx[cells]) (err error) {
			if got, err = query.Many(ctx, tenantdb.Bind(tx), readVersion, scanInt); err != nil {
				return err
			}
			again, err = query.Many(ctx, tenantdb.Bind(tx), readVersion, scanInt)
			return err
		})
	}
	if err != nil {
		return 0, err
	}
	if version, err = v.whole(got); err != nil {
		return 0, err
	}
	if later, err := v.whole(again); later != version || err != nil {
		return 0, fmt.Errorf("one snapshot of tenant %d has versions %d and %d, %w", tenant, version, later, err)
	}
	if version < floor {
		return 0, fmt.Errorf("tenant %d is at version %d, but %d was acknowledged before", tenant, version, floor)
	}
	return version, nil
}

// whole returns the version whose halves were read.
func (v *versions) whole(halves []int64) (int64, error) {
	if len(halves) != 2 || halves[1] != halves[0]+half {
		return 0, fmt.Errorf("a version in halves: %d", halves)
	}
	return halves[0], nil
}

// readUntil reads until over is closed. Versions never go down.
func (v *versions) readUntil(over <-chan struct{}, reader int) error {
	var last [versioned]int64
	for round := reader; ; round++ {
		select {
		case <-over:
			return nil
		default:
		}
		i := round % versioned
		version, err := v.read(i, round%5 != 0)
		if err != nil {
			return err
		}
		if version < last[i] {
			return fmt.Errorf("tenant %d goes from version %d back to %d", i, last[i], version)
		}
		last[i] = version
	}
}

// writeOut writes so many versions, and tells of each.
func (v *versions) writeOut(writer, rounds int, tell func(tenant int, version int64)) error {
	for round := range rounds {
		i := (writer + round) % versioned
		version, err := v.write(i, round%3 != 0)
		if err != nil {
			return err
		}
		v.acknowledged(i, version)
		tell(i, version)
	}
	return nil
}

// teller writes acknowledgements as lines, of many goroutines.
func teller(out io.Writer) func(tenant int, version int64) {
	var mu sync.Mutex
	return func(tenant int, version int64) {
		mu.Lock()
		defer mu.Unlock()
		// Who does not listen any more has ended.
		_, _ = fmt.Fprintln(out, tenant, version)
	}
}
