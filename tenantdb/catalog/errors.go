package catalog

import (
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb"
)

// Whether the catalog knows it.
var (
	// ErrRegistered is returned by Register for a tenant that is known already.
	ErrRegistered = errors.New("the tenant is in the catalog already")

	// ErrNotRegistered is returned for a tenant that is not in the catalog. It may have a
	// file all the same.
	ErrNotRegistered = errors.New("the tenant is not in the catalog")

	// ErrUnknownAlias is returned for an alias that no tenant has. It is
	// [tenantdb.ErrUnknownTenant] too.
	ErrUnknownAlias = fmt.Errorf("no tenant has the alias (%w)", tenantdb.ErrUnknownTenant)

	// ErrAliasTaken is returned for an alias that another tenant has; an
	// *AliasTakenError with it says which.
	ErrAliasTaken = errors.New("another tenant has the alias")
)

// Whether it may be changed.
var (
	// ErrConflict is returned when a tenant's state has changed since its generation was
	// read; a *ConflictError with it says to what.
	ErrConflict = errors.New("the tenant's state has changed in between")

	// ErrProtected is returned when a tenant that is protected would be deleted or forgotten.
	ErrProtected = errors.New("the tenant is protected from being deleted")

	// ErrUnderway is returned for a tenant of which an Operation has begun, and not ended: only
	// package lifecycle changes its state. The error says which. It is also what a *StateError
	// is whose Operation says why the tenant is not resolved.
	ErrUnderway = errors.New("an operation on the tenant is under way, or was interrupted")

	// ErrInvalid is returned for what the catalog does not take: an unknown state, a label
	// without a name, metadata that is no JSON.
	ErrInvalid = errors.New("not valid in the catalog")
)

// ErrNoRun is returned for a run that there is not, or one that is not about the tenant.
var ErrNoRun = errors.New("there is no such run")

// Whether an API key is good.
var (
	// ErrBadKey is returned by VerifyKey for every text that lets nobody in. Why is not said.
	ErrBadKey = errors.New("the API key is not good")

	// ErrUnknownKey is returned for a key's ID that no key has.
	ErrUnknownKey = errors.New("there is no such API key")

	// ErrKeyEnded is returned by RotateKey for a key that has expired or was revoked.
	ErrKeyEnded = errors.New("the API key is not good any more")

	// ErrKeyReplaced is returned by RotateKey for a key that was rotated already.
	ErrKeyReplaced = errors.New("the API key was rotated already")
)

// Why a tenant is not resolved; a *StateError with each says more.
var (
	ErrCreating    = errors.New("the tenant is being created")
	ErrSuspended   = errors.New("the tenant is suspended")
	ErrDeleting    = errors.New("the tenant is being deleted")
	ErrDeleted     = errors.New("the tenant is deleted") // tenantdb.ErrUnknownTenant, too
	ErrQuarantined = errors.New("the tenant is quarantined")
)

// StateError says why a tenant is not resolved, or not written to. It is the one of
// ErrCreating, ErrSuspended, ErrDeleting, ErrDeleted and ErrQuarantined that its State is, and
// ErrUnderway if it has an Operation.
type StateError struct {
	Tenant     tenantdb.ID
	State      State
	Suspension Suspension // of a suspended one
	Reason     string     // may be empty
	Operation  Operation  // for which it is in that state; mostly none
}

// cause returns the error that the state is, or nil.
func (e *StateError) cause() error {
	switch e.State {
	case Creating:
		return ErrCreating
	case Suspended:
		return ErrSuspended
	case Deleting:
		return ErrDeleting
	case Deleted:
		return ErrDeleted
	case Quarantined:
		return ErrQuarantined
	case Active:
	}
	return nil
}

// Error says the state and the reason.
func (e *StateError) Error() string {
	text := "the tenant is " + string(e.State)
	if cause := e.cause(); cause != nil {
		text = cause.Error()
	}
	if e.Suspension == ReadOnly {
		text += " and can only be read"
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// Is reports whether target is the error of the state.
func (e *StateError) Is(target error) bool {
	return target == e.cause() || target == tenantdb.ErrUnknownTenant && e.State == Deleted || target == ErrUnderway && e.Operation != ""
}

// ConflictError says what a tenant's state has become. It is ErrConflict.
type ConflictError struct {
	Expected   int64 // the generation that was given
	Generation int64 // the present one
	State      State // the present one
}

// Error says both generations.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%v: it is %s at generation %d, and %d was expected", ErrConflict, e.State, e.Generation, e.Expected)
}

// Is reports whether target is ErrConflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

func underway(t Tenant) error { return fmt.Errorf("%w: %s", ErrUnderway, t.Operation) }

// AliasTakenError says who has an alias. It is ErrAliasTaken.
type AliasTakenError struct{ Alias Alias }

// Error names the tenant.
func (e *AliasTakenError) Error() string {
	return fmt.Sprintf("%v: %s %q is of tenant %s", ErrAliasTaken, e.Alias.Kind, e.Alias.Value, e.Alias.Tenant)
}

// Is reports whether target is ErrAliasTaken.
func (e *AliasTakenError) Is(target error) bool { return target == ErrAliasTaken }

// hints say what to do next.
var hints = [...]struct {
	err  error
	hint string
}{
	{tenantdb.ErrNoHandle, "the Catalog or Tx is zero; get one from Open, Write or WriteWith"},
	{ErrRegistered, "get it, or choose another ID"},
	{ErrNotRegistered, "register it, or check the ID"},
	{ErrConflict, "get the tenant again, and decide anew"},
	{ErrProtected, "unprotect it first"},
	{ErrUnderway, "wait for its end; if it was interrupted, run it again, or let Doctor look"},
	{ErrAliasTaken, "move the alias, or choose another"},
	{ErrUnknownKey, "list the tenant's keys"},
	{ErrKeyEnded, "create a new one"},
	{ErrKeyReplaced, "rotate the one that took its place"},
}

// failed says of an error which operation and tenant it is about, unless it does already.
func failed(op string, id tenantdb.ID, err error) error {
	if err == nil {
		return nil // before own is allocated
	}
	var own *tenantdb.Error
	if errors.As(err, &own) {
		return err
	}
	e := &tenantdb.Error{Op: "catalog: " + op, Tenant: id, Err: err}
	for _, h := range hints {
		if errors.Is(err, h.err) {
			e.Hint = h.hint
			break
		}
	}
	return e
}
