package catalog

import (
	"context"
	"hash/maphash"
	"sync"
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
	seed  maphash.Seed
	known atomic.Pointer[known[K, V]]
}

func newMemory[K comparable, V any](db *catalogdb.DB, hash func(maphash.Seed, K) uint64) *memory[K, V] {
	return &memory[K, V]{db: db, q: catalogdb.NewReader(db), hash: hash, seed: maphash.MakeSeed()}
}

// known is what is known as long as the database is of one version.
type known[K comparable, V any] struct {
	version tenantdb.Version
	changes int64                // the number, at that version or later
	shards  *[shards]shard[K, V] // those of earlier versions with the same number
}

// Shards are so many that those who look seldom meet, and of such size that asking for
// names that nobody has fills no memory.
const (
	shards    = 64
	shardSize = 1024
)

type shard[K comparable, V any] struct {
	mu sync.RWMutex // nothing is waited for under it
	of map[K]V
}

// get returns what is remembered of the key, or what read says. If what read looks at
// changed after the version was looked at, its answer is of a later one, which nobody takes
// for that of the version any more: the number has changed too.
func (m *memory[K, V]) get(ctx context.Context, key K, read func(context.Context, *catalogdb.Reader, K) (V, error)) (V, error) {
	var none V
	version, err := m.db.Version(ctx)
	if err != nil {
		return none, err
	}
	k := m.known.Load()
	if k == nil || k.version != version || !version.Known() {
		// What is read from now on is of this version or a later one.
		if k, err = m.refresh(ctx, version); err != nil {
			return none, err
		}
	}
	shard := &k.shards[m.hash(m.seed, key)%shards]
	shard.mu.RLock()
	v, ok := shard.of[key]
	shard.mu.RUnlock()
	if !ok {
		if v, err = read(outside{ctx}, m.q, key); err != nil {
			return none, err
		}
		shard.keep(key, v)
	}
	return v, nil
}

// refresh finds out whether what is known is true of the version.
func (m *memory[K, V]) refresh(ctx context.Context, version tenantdb.Version) (*known[K, V], error) {
	changes, err := m.q.CountChanges(outside{ctx})
	if err != nil {
		return nil, err
	}
	now := &known[K, V]{version: version, changes: changes}
	if before := m.known.Load(); before != nil && before.changes == changes {
		now.shards = before.shards
	} else {
		now.shards = new([shards]shard[K, V])
	}
	// Another goroutine may have put a later version here. Then the next one to look finds
	// that this is not the present one.
	m.known.Store(now)
	return now, nil
}

func (s *shard[K, V]) keep(key K, v V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[K]V{}
	}
	if len(s.of) >= shardSize {
		clear(s.of)
	}
	s.of[key] = v
}

// outside is a context with the end of another, and none of its values: a tenant may be
// resolved within a transaction on the global database, whose reads these are not part of.
type outside struct{ context.Context }

func (outside) Value(any) any { return nil }
