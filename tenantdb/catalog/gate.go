package catalog

import (
	"context"
	"database/sql"
	"errors"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// gate remembers which tenants are let in, for as long as that is true. Whether anything
// was committed to the global database is told by its version, a look at memory; if so,
// whether any state has changed, by the one number of silo_changes. So what other
// processes do is seen at once, and what an application writes to its own tables costs the
// states nothing but that number.
type gate struct {
	db    *catalogdb.DB
	q     *catalogdb.Reader
	seed  maphash.Seed
	known atomic.Pointer[states]
}

func newGate(db *catalogdb.DB) *gate {
	return &gate{db: db, q: catalogdb.NewReader(db), seed: maphash.MakeSeed()}
}

// states are what is known as long as the database is of one version.
type states struct {
	version tenantdb.Version
	changes int64          // the number, at that version or later
	shards  *[shards]shard // those of earlier versions with the same number
}

// Shards are so many that those who look seldom meet, and of such size that asking for
// names that nobody has fills no memory.
const (
	shards    = 64
	shardSize = 1024
)

type shard struct {
	mu sync.RWMutex // nothing is waited for under it
	of map[tenantdb.ID]verdict
}

// verdict is what the gate answers.
type verdict struct {
	admission tenantdb.Admission
	err       error
}

// Admit lets in who is active, or unknown: of these, the files say whether they are there.
func (g *gate) Admit(ctx context.Context, id tenantdb.ID) (tenantdb.Admission, error) {
	version, err := g.db.Version(ctx)
	if err != nil {
		return tenantdb.Admission{}, err
	}
	s := g.known.Load()
	if s == nil || s.version != version || !version.Known() {
		// What is read from now on is of this version or a later one.
		if s, err = g.refresh(ctx, version); err != nil {
			return tenantdb.Admission{}, err
		}
	}
	shard := &s.shards[maphash.String(g.seed, id.String())%shards]
	shard.mu.RLock()
	v, ok := shard.of[id]
	shard.mu.RUnlock()
	if !ok {
		if v, err = g.ask(ctx, id); err != nil {
			return tenantdb.Admission{}, err
		}
		shard.keep(id, v)
	}
	return v.admission, v.err
}

// refresh finds out whether what is known is true of the version.
func (g *gate) refresh(ctx context.Context, version tenantdb.Version) (*states, error) {
	changes, err := g.q.CountChanges(outside{ctx})
	if err != nil {
		return nil, err
	}
	now := &states{version: version, changes: changes}
	if before := g.known.Load(); before != nil && before.changes == changes {
		now.shards = before.shards
	} else {
		now.shards = new([shards]shard)
	}
	// Another goroutine may have put a later version here. Then the next one to look finds
	// that this is not the present one.
	g.known.Store(now)
	return now, nil
}

// ask reads a tenant's state. If that changed after the version was looked at, the answer
// is of a later one, which nobody takes for that of the version any more: the number has
// changed too.
func (g *gate) ask(ctx context.Context, id tenantdb.ID) (verdict, error) {
	row, err := g.q.GetState(outside{ctx}, id.String())
	if errors.Is(err, sql.ErrNoRows) {
		return verdict{}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	state := &StateError{Tenant: id, State: State(row.State), Suspension: Suspension(row.Suspension), Reason: row.Reason}
	switch {
	case state.State == Active:
		return verdict{admission: tenantdb.Admission{Known: true}}, nil
	case state.State == Suspended && state.Suspension == ReadOnly:
		return verdict{admission: tenantdb.Admission{Known: true, ReadOnly: state}}, nil
	}
	return verdict{err: state}, nil
}

func (s *shard) keep(id tenantdb.ID, v verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[tenantdb.ID]verdict{}
	}
	if len(s.of) >= shardSize {
		clear(s.of)
	}
	s.of[id] = v
}

// outside is a context with the end of another, and none of its values: a tenant may be
// resolved within a transaction on the global database, whose reads these are not part of.
type outside struct{ context.Context }

func (outside) Value(any) any { return nil }
