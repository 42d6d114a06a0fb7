package catalog

import (
	"context"
	"database/sql"
	"errors"
	"hash/maphash"
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
	version  tenantdb.Version
	changes  int64     // the number, at that version or later
	verdicts *verdicts // those of earlier versions with the same number
}

const (
	// verdictSlots are so many that some thousand tenants seldom share one.
	verdictSlots = 4096
	// maxVerdicts is how many are remembered, so that asking for names that nobody has fills
	// no memory.
	maxVerdicts = 64 << 10
)

// verdicts are what was found out: a hash table of lists that only get longer at their
// beginning, so that looking for one takes no lock and allocates nothing.
type verdicts struct {
	slots [verdictSlots]atomic.Pointer[verdict]
	count atomic.Int64
}

// verdict is what the gate answers about a tenant. It is not changed once it is in a list.
type verdict struct {
	tenant    tenantdb.ID
	admission tenantdb.Admission
	err       error
	next      *verdict
}

// Admit lets in who is active, or unknown: of these, the files say whether they are there.
func (g *gate) Admit(ctx context.Context, id tenantdb.ID) (tenantdb.Admission, error) {
	s, err := g.current(ctx)
	if err != nil {
		return tenantdb.Admission{}, err
	}
	slot := &s.verdicts.slots[maphash.String(g.seed, id.String())%verdictSlots]
	for v := slot.Load(); v != nil; v = v.next {
		if v.tenant == id {
			return v.admission, v.err
		}
	}
	v, err := g.ask(ctx, id)
	if err != nil {
		return tenantdb.Admission{}, err
	}
	s.verdicts.keep(slot, &v)
	return v.admission, v.err
}

// Changes counts the changes of any tenant's state.
func (g *gate) Changes(ctx context.Context) (int64, error) {
	s, err := g.current(ctx)
	if err != nil {
		return 0, err
	}
	return s.changes, nil
}

// current returns what is known of the present version.
func (g *gate) current(ctx context.Context) (*states, error) {
	version, err := g.db.Version(ctx)
	if err != nil {
		return nil, err
	}
	s := g.known.Load()
	if s == nil || s.version != version || !version.Known() {
		// What is read from now on is of this version or a later one.
		return g.refresh(ctx, version)
	}
	return s, nil
}

// refresh finds out whether what is known is true of the version.
func (g *gate) refresh(ctx context.Context, version tenantdb.Version) (*states, error) {
	changes, err := g.q.CountChanges(outside{ctx})
	if err != nil {
		return nil, err
	}
	now := &states{version: version, changes: changes}
	if before := g.known.Load(); before != nil && before.changes == changes {
		now.verdicts = before.verdicts
	} else {
		now.verdicts = new(verdicts)
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
		return verdict{tenant: id}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	state := &StateError{Tenant: id, State: State(row.State), Suspension: Suspension(row.Suspension), Reason: row.Reason}
	switch {
	case state.State == Active:
		return verdict{tenant: id}, nil
	case state.State == Suspended && state.Suspension == ReadOnly:
		return verdict{tenant: id, admission: tenantdb.Admission{ReadOnly: state}}, nil
	}
	return verdict{tenant: id, err: state}, nil
}

// keep puts a verdict into a slot. Of one tenant there may be several, which say the same.
func (all *verdicts) keep(slot *atomic.Pointer[verdict], v *verdict) {
	if all.count.Add(1) > maxVerdicts {
		for i := range all.slots {
			all.slots[i].Store(nil)
		}
		all.count.Store(1)
	}
	for {
		v.next = slot.Load()
		if slot.CompareAndSwap(v.next, v) {
			return
		}
	}
}

// outside is a context with the end of another, and none of its values: a tenant may be
// resolved within a transaction on the global database, whose reads these are not part of.
type outside struct{ context.Context }

func (outside) Value(any) any { return nil }
