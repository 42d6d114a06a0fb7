package tenantdb

import (
	"context"

	"github.com/silokit/silo/tenantdb/internal/passage"
)

// Gate decides which tenants may be resolved. Package catalog has one; a Dir without one
// lets through all that have a file.
type Gate interface {
	// Admit is asked at each Resolve, before anything is opened, with the caller's
	// context, and concurrently. An error refuses the tenant: errors.Is and errors.As
	// find it in what Resolve returns.
	Admit(ctx context.Context, id ID) (Admission, error)
}

// ChangingGate is a Gate that knows when it may answer otherwise. With one, open tenants that
// are refused are closed within a second, as soon as the calls that use them have ended, and
// handles that were resolved before are refused by the next call.
type ChangingGate interface {
	Gate

	// Changes returns another number whenever what Admit answers may have changed. It is
	// asked twice a second, by a goroutine that the Dir has from SetGate until Close, and
	// should cost little.
	Changes(ctx context.Context) (int64, error)
}

// Admission says how a tenant that is let through may be used. The zero Admission is
// without limits.
type Admission struct {
	// ReadOnly, if it is not nil, is what writes by the handle fail with.
	ReadOnly error

	// Known says that the gate knows the tenant, and not only nothing against it. Then
	// [Store.Admit] looks for its file, whatever it remembers.
	Known bool
}

// SetGate puts a gate before [Store.Resolve] of all stores of the Dir, in the place of the
// one before; nil takes it away. Handles that were resolved before are as they were, but
// see [ChangingGate].
func (d *Dir) SetGate(gate Gate) {
	switch {
	case !d.opened():
	case gate == nil:
		d.gate.Store(nil)
	default:
		d.gate.Store(&gate)
		if _, ok := gate.(ChangingGate); ok {
			d.watcher.start()
		}
	}
}

// admit asks the gate, if there is one.
func (d *Dir) admit(ctx context.Context, id ID) (Admission, error) {
	gate := d.gate.Load()
	if gate == nil {
		return Admission{}, nil
	}
	admission, err := (*gate).Admit(ctx, id)
	if (err != nil || admission.ReadOnly != nil) && passage.Has(ctx, id.name) {
		return Admission{}, nil
	}
	if err != nil {
		return Admission{}, explain("resolve", id, "", err)
	}
	return admission, nil
}
