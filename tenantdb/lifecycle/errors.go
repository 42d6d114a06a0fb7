package lifecycle

import (
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Whether the operation may be done now.
var (
	// ErrVetoed is returned for an operation that a hook has refused; nothing was changed. A
	// *VetoError with it says which, and holds the hook's error.
	ErrVetoed = errors.New("a hook has refused the operation")

	// ErrNested is returned for an operation on a tenant from within another one on it: from a
	// hook, a seed or a sign-up.
	ErrNested = errors.New("an operation on the tenant is under way in this context")

	// ErrErasing is returned for a tenant whose Erase has begun: nothing else can be done
	// with it than erasing it again.
	ErrErasing = errors.New("the tenant is being erased")

	// ErrNotDeleted is returned by PurgeTenant for a tenant that is not deleted.
	ErrNotDeleted = errors.New("the tenant is not deleted")

	// ErrKeyInUse is returned by Create, Clone, Import and RestoreAs for a key whose tenant has
	// been deleted since.
	ErrKeyInUse = errors.New("the key is of a tenant that has been deleted")
)

// Whether a backup, or a rule of backups, is good.
var (
	// ErrNoBackup is returned for a backup that is not there.
	ErrNoBackup = errors.New("there is no such backup")

	// ErrHasBackups is returned by Create, Clone, Import and RestoreAs for the ID of a tenant that
	// is not there any more and whose backups are: they are not the new tenant's.
	ErrHasBackups = errors.New("there are backups of an earlier tenant of that ID")

	// ErrForeignBackups is returned by what would put a backup into a Target, or remove one, that has those
	// of another data folder, and by what would make a tenant of an ID of which there are some. Nothing was changed.
	ErrForeignBackups = errors.New("the backups there are those of another data folder")

	// ErrBadBackup is returned for a backup that is not what its manifest says, or cannot be
	// restored. The error says why.
	ErrBadBackup = errors.New("the backup is damaged")

	// ErrBadRule is returned for a BackupRule that says nothing sensible, or a text that is
	// no list of rules. The error says which and why.
	ErrBadRule = errors.New("no valid backup rule")
)

// VetoError says which operation a hook has refused. It is ErrVetoed.
type VetoError struct {
	Operation Operation
	Tenant    tenantdb.ID
	Err       error // of the hook
}

// Error names the operation and gives the hook's reason.
func (e *VetoError) Error() string {
	return fmt.Sprintf("%v: %s: %v", ErrVetoed, e.Operation, e.Err)
}

// Is reports whether target is ErrVetoed.
func (e *VetoError) Is(target error) bool { return target == ErrVetoed }

// Unwrap returns the hook's error.
func (e *VetoError) Unwrap() error { return e.Err }

// hints say what to do next about an error, the first that it is.
var hints = [...]struct {
	err  error
	hint string
}{
	{tenantdb.ErrOutcomeUnknown, "run it again, or let Doctor look"},
	{ErrVetoed, "ask whoever put the hook there"},
	{ErrNested, "call it when the operation has returned"},
	{ErrErasing, "erase it again, to the end"},
	{ErrNoBackup, "list the backups"},
	{ErrHasBackups, "erase the earlier tenant to remove them, restore it to have it back, or choose another ID"},
	{ErrForeignBackups, "give this data folder a place of its own for backups; if the other folder is gone and this one is in its place, remove " + claimName + " there"},
	{ErrBadBackup, "use another backup, and find out what damaged this one"},
	{ErrNotDeleted, "delete it first"},
	{ErrBadRule, "mend the rule; nothing was done"},
	{ErrKeyInUse, "undelete it, purge it, or use another key"},
	{catalog.ErrDeleted, "undelete it, or erase it to have the ID again"},
	{catalog.ErrProtected, "unprotect it first"},
	{tenantdb.ErrUnfit, "nothing was changed; get the file anew from where it was made"},
}

// explain says of an error which operation and tenant it is about.
func explain(op Operation, id tenantdb.ID, err error) error {
	var own *tenantdb.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	return &tenantdb.Error{Op: string(op), Tenant: id, Err: err, Hint: hintOf(err)}
}

// hintOf says what to do next about an error, or nothing.
func hintOf(err error) string {
	for _, h := range hints {
		if errors.Is(err, h.err) {
			return h.hint
		}
	}
	return ""
}
