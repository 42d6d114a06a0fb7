package fleet

import (
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb"
)

var (
	// ErrSomeFailed is what a *PartialError is.
	ErrSomeFailed = errors.New("some tenants failed")

	// ErrStopped is returned, with a *PartialError, when work was given up because as many
	// tenants have failed as may, or a canary.
	ErrStopped = errors.New("stopped, for too many tenants failed")

	// ErrBadSelection is returned for a Selection, or a list of IDs, that says nothing sensible.
	ErrBadSelection = errors.New("no valid selection of tenants")

	// ErrBadStatement is returned by Query for a statement that is run on no tenant: one that
	// writes, or that a tenant's connection refuses, or that is none.
	ErrBadStatement = errors.New("the statement is run on no tenant")

	// ErrRunning is returned when another run goes over the tenants of the folder, in this
	// process or another.
	ErrRunning = errors.New("another run is under way")

	// ErrNothingToResume is returned when there is no run that could go on.
	ErrNothingToResume = errors.New("there is no run to resume")

	// ErrNothingToUndo is returned when it is not known, or was not a migration, what a run has done.
	ErrNothingToUndo = errors.New("there is nothing to undo")

	// ErrOtherRun is returned for a run that cannot go on by the program, or in the way, that
	// it is to be resumed.
	ErrOtherRun = errors.New("the run was of something else")

	// errAbandoned is of a tenant whose function has ended its goroutine.
	errAbandoned = errors.New("the function called runtime.Goexit")
)

// TenantError is what failed with one tenant.
type TenantError struct {
	Tenant tenantdb.ID
	Err    error
}

// Error names the tenant, unless the cause does.
func (e *TenantError) Error() string {
	var own *tenantdb.Error
	if errors.As(e.Err, &own) && own.Tenant == e.Tenant {
		return e.Err.Error()
	}
	return fmt.Sprintf("tenant %v: %v", e.Tenant, e.Err)
}

// Unwrap returns the cause.
func (e *TenantError) Unwrap() error { return e.Err }

// PartialError says which of several tenants failed. It is ErrSomeFailed, and each of their
// errors is found in it.
type PartialError struct {
	Done   int // how many did not
	Left   int // how many were not tried
	Failed []*TenantError
}

// Error says how many, and of the first what.
func (e *PartialError) Error() string {
	text := fmt.Sprintf("%d of %d tenants failed", len(e.Failed), e.Done+e.Left+len(e.Failed))
	if e.Left > 0 {
		text += fmt.Sprintf(", %d were not tried", e.Left)
	}
	if len(e.Failed) == 0 {
		return text
	}
	return fmt.Sprintf("%s; the first: %v", text, e.Failed[0])
}

// Is reports whether target is ErrSomeFailed.
func (e *PartialError) Is(target error) bool { return target == ErrSomeFailed }

// Unwrap returns the tenants' errors.
func (e *PartialError) Unwrap() []error {
	all := make([]error, len(e.Failed))
	for i, one := range e.Failed {
		all[i] = one
	}
	return all
}
