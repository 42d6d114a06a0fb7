package catalog

import (
	"context"
	"database/sql"
	"errors"
	"hash/maphash"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// gate remembers which tenants are let in.
type gate struct {
	states *memory[tenantdb.ID, verdict]
}

func newGate(db *catalogdb.DB) *gate {
	return &gate{newMemory[tenantdb.ID, verdict](db, func(seed maphash.Seed, id tenantdb.ID) uint64 { return maphash.String(seed, id.String()) }, ownID)}
}

func ownID(id tenantdb.ID) tenantdb.ID {
	own, err := tenantdb.ParseID(strings.Clone(id.String()))
	if err != nil {
		return id // the zero ID
	}
	return own
}

// verdict is what the gate answers about a tenant.
type verdict struct {
	admission tenantdb.Admission
	err       error
}

// Admit lets in who is active, or unknown: of these, the files say whether they are there.
func (g *gate) Admit(ctx context.Context, id tenantdb.ID) (tenantdb.Admission, error) {
	v, err := g.states.get(ctx, id, readVerdict)
	if err != nil {
		return tenantdb.Admission{}, err
	}
	return v.admission, v.err
}

// Changes counts the changes of any tenant's state.
func (g *gate) Changes(ctx context.Context) (int64, error) {
	now, err := g.states.current(ctx)
	if err != nil {
		return 0, err
	}
	return now.changes, nil
}

func readVerdict(ctx context.Context, q *catalogdb.Reader, id tenantdb.ID) (verdict, error) {
	row, err := q.GetState(ctx, id.String())
	if errors.Is(err, sql.ErrNoRows) {
		return verdict{}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	state := &StateError{Tenant: id, State: State(row.State), Suspension: Suspension(row.Suspension), Reason: row.Reason, Operation: Operation(row.Operation)}
	switch {
	case state.State == Active:
		return verdict{admission: tenantdb.Admission{Known: true}}, nil
	case state.State == Suspended && state.Suspension == ReadOnly:
		return verdict{admission: tenantdb.Admission{Known: true, ReadOnly: state}}, nil
	}
	return verdict{err: state}, nil
}
