package catalog

import (
	"context"
	"fmt"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
	"github.com/silokit/silo/tenantdb/internal/registry"
)

// State is where a tenant is in its life. Only Active tenants, and Suspended ones to read,
// can be resolved.
type State string

// The states of a tenant.
const (
	Creating    State = "creating"    // its file is being made
	Active      State = "active"      // it can be used
	Suspended   State = "suspended"   // it cannot, until it is resumed
	Deleting    State = "deleting"    // its file is being taken away
	Deleted     State = "deleted"     // its file is gone, or kept to be brought back
	Quarantined State = "quarantined" // its file is not to be trusted
)

// Suspension says what a suspended tenant still allows.
type Suspension string

// The ways to suspend a tenant.
const (
	Closed   Suspension = "closed"    // nothing: it is not resolved
	ReadOnly Suspension = "read-only" // reading: writes fail
)

// Operation is what package lifecycle has begun with a tenant and not ended.
type Operation string

// The operations that leave a tenant to nobody else until they have ended. In each, the state
// can be changed, and the tenant forgotten, by a lifecycle.Manager alone.
const (
	Erasing   Operation = "erasing"   // of a Deleting tenant, which can only be erased to the end
	Restoring Operation = "restoring" // of a Suspended one, which other processes are to close
)

// Change is a new state.
type Change struct {
	State State // required

	// Suspension is for State Suspended alone. Defaults to Closed.
	Suspension Suspension

	// Reason is for people. Callers of a suspended tenant see it.
	Reason string

	operation Operation
	manages   bool // it comes from a lifecycle.Manager
}

// Within makes it a change of an operation of package lifecycle, or with none that of its end.
// Nobody else can make a pass that counts; without one the change is as it was.
func (c Change) Within(p registry.Pass, o Operation) Change {
	if p.Given() {
		c.operation, c.manages = o, true
	}
	return c
}

// checked returns the change with its defaults, or why it is none.
func (c Change) checked() (Change, error) {
	switch c.State {
	case Suspended:
		if c.Suspension == "" {
			c.Suspension = Closed
		}
		if c.Suspension != Closed && c.Suspension != ReadOnly {
			return c, fmt.Errorf("%w: there is no suspension %q; use Closed or ReadOnly", ErrInvalid, c.Suspension)
		}
	case Creating, Active, Deleting, Deleted, Quarantined:
		if c.Suspension != "" {
			return c, fmt.Errorf("%w: a tenant that is %s has no suspension", ErrInvalid, c.State)
		}
	default:
		return c, fmt.Errorf("%w: there is no state %q", ErrInvalid, c.State)
	}
	return c, nil
}

// SetState changes the state of a tenant whose generation is still the one given, and
// returns the tenant with its new generation. If it has changed in between, the error is a
// [*ConflictError]: of several who try, one succeeds. [Deleting] is [ErrProtected] for a
// protected tenant, a tenant with an [Operation] is [ErrUnderway], and one that is not known is
// [ErrNotRegistered].
func (o *operations) SetState(ctx context.Context, id tenantdb.ID, generation int64, change Change) (Tenant, error) {
	change, err := change.checked()
	if err != nil {
		return Tenant{}, failed("set state", id, err)
	}
	var after Tenant
	err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		before, err := get(ctx, q.Reader(), id)
		switch {
		case err != nil:
			return err
		case before.Generation != generation:
			return &ConflictError{Expected: generation, Generation: before.Generation, State: before.State}
		case before.Operation != "" && !change.manages:
			return underway(before)
		case before.Protected && change.State == Deleting:
			return ErrProtected
		}
		_, err = q.SetState(ctx, catalogdb.SetStateParams{
			ID: id.String(), Expected: generation, State: string(change.State), Suspension: string(change.Suspension), Reason: change.Reason,
			Operation: string(change.operation),
		})
		if err != nil {
			return err
		}
		entry := Entry{Operation: "set state", Tenant: id, Detail: detail("from", before.State, "to", change.State, "suspension", change.Suspension, "reason", change.Reason, "operation", change.operation)}
		if err := record(ctx, q, entry); err != nil {
			return err
		}
		after, err = get(ctx, q.Reader(), id)
		return err
	})
	return after, failed("set state", id, err)
}
