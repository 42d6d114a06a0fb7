package catalog

import (
	"context"
	"hash/maphash"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// memory remembers what was read of the catalog, for as long as that is true. Whether anything
// was committed to the global database is told by its version, a look at memory; if so,
// whether it was anything that counts, by the one number of silo_changes. So what other
// processes do is seen at once, and what an application writes to its own tables costs
// nothing but that number.
type memory[K comparable, V any] struct {
	db    *catalogdb.DB
	q     *catalogdb.Reader
	hash  func(maphash.Seed, K) uint64
	own   func(K) K // copies a key, which may be a part of a request that is not to be kept with it
	seed  maphash.Seed
	known atomic.Pointer[known[K, V]]
}

func newMemory[K comparable, V any](db *catalogdb.DB, hash func(maphash.Seed, K) uint64, own func(K) K) *memory[K, V] {
	return &memory[K, V]{db: db, q: catalogdb.NewReader(db), hash: hash, own: own, seed: maphash.MakeSeed()}
}

// known is what is known as long as the database is of one version.
type known[K comparable, V any] struct {
	version tenantdb.Version
	changes int64        // the number, at that version or later
	table   *table[K, V] // that of earlier versions with the same number
}

// get returns what is remembered of the key, or what read says. If what read looks at
// changed after the version was looked at, its answer is of a later one, which nobody takes
// for that of the version any more: the number has changed too.
func (m *memory[K, V]) get(ctx context.Context, key K, read func(context.Context, *catalogdb.Reader, K) (V, error)) (V, error) {
	var none V
	now, err := m.current(ctx)
	if err != nil {
		return none, err
	}
	slot := now.table.slot(m.hash(m.seed, key))
	for e := slot.Load(); e != nil; e = e.next {
		if e.key == key {
			return e.value, nil
		}
	}
	key = m.own(key)
	value, err := read(outside{ctx}, m.q, key)
	if err != nil {
		return none, err
	}
	now.table.keep(slot, &remembered[K, V]{key: key, value: value})
	return value, nil
}

// current returns what is known of the present version.
func (m *memory[K, V]) current(ctx context.Context) (*known[K, V], error) {
	version, err := m.db.Version(ctx)
	if err != nil {
		return nil, err
	}
	now := m.known.Load()
	if now == nil || now.version != version || !version.Known() {
		// What is read from now on is of this version or a later one.
		return m.refresh(ctx, version)
	}
	return now, nil
}

// refresh finds out whether what is known is true of the version.
func (m *memory[K, V]) refresh(ctx context.Context, version tenantdb.Version) (*known[K, V], error) {
	changes, err := m.q.CountChanges(outside{ctx})
	if err != nil {
		return nil, err
	}
	now := &known[K, V]{version: version, changes: changes}
	if before := m.known.Load(); before != nil && before.changes == changes {
		now.table = before.table
	} else {
		now.table = new(table[K, V])
	}
	// Another goroutine may have put a later version here. Then the next one to look finds
	// that this is not the present one.
	m.known.Store(now)
	return now, nil
}

// outside is a context with the end of another, and none of its values: a tenant may be
// resolved within a transaction on the global database, whose reads these are not part of.
type outside struct{ context.Context }

func (outside) Value(any) any { return nil }
