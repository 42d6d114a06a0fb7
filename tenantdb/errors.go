package tenantdb

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// Who the tenant is.
var (
	// ErrBadID is returned by ParseID for a name that no tenant may have.
	ErrBadID = errors.New("no valid tenant ID")

	// ErrNoTenant is returned when a call's context carries no tenant.
	ErrNoTenant = errors.New("the context carries no tenant")

	// ErrTenantMismatch is returned when a call's context carries another
	// tenant than the handle is of.
	ErrTenantMismatch = errors.New("the context is of another tenant than the handle")

	// ErrTenantRebound is returned by WithTenant for a context that already
	// carries another tenant.
	ErrTenantRebound = errors.New("the context is bound to another tenant")
)

// Whether the tenant's file is there.
var (
	// ErrUnknownTenant is returned when the tenant has no file.
	ErrUnknownTenant = errors.New("no such tenant")

	// ErrTenantExists is returned by Create for a tenant that has a file.
	ErrTenantExists = errors.New("the tenant exists already")

	// ErrTenantGone is returned by a handle whose tenant has been deleted or
	// replaced since the handle was resolved. It never serves another file.
	ErrTenantGone = errors.New("the tenant has been deleted or replaced")

	// ErrTenantOpenElsewhere is returned by Delete, Retire, Restore and Erase when
	// another process has the file open.
	ErrTenantOpenElsewhere = errors.New("another process has the tenant open")
)

// Whether the file is what the program was made for.
var (
	// ErrWrongSchema is returned for a file of another schema, or one that Silo
	// has not made.
	ErrWrongSchema = errors.New("the file is of another schema")

	// ErrWrongTenant is returned for a file that was made for another tenant and
	// has been given this one's name.
	ErrWrongTenant = errors.New("the file is of another tenant")

	// ErrSchemaAhead is returned for a file on which a newer release's
	// migrations have run, unless they declare themselves compatible
	// (docs/guide.md). Files are looked at when they are opened.
	ErrSchemaAhead = migrate.ErrAhead

	// ErrSchemaDiverged is returned for a file whose applied migrations are not
	// those of the program.
	ErrSchemaDiverged = migrate.ErrDiverged

	// ErrSchemaBehind is returned, with MigrateVerify only, for a file on which
	// migrations are pending.
	ErrSchemaBehind = errors.New("migrations are pending")

	// ErrMigrationFailed is returned when a migration failed; the file is as it
	// was before. The error names the migration.
	ErrMigrationFailed = migrate.ErrFailed

	// ErrInvalidMigrations is returned by Open functions of generated code for
	// embedded migrations that cannot be run as a whole.
	ErrInvalidMigrations = migrate.ErrInvalid

	// ErrGeneratedStale is returned by Open functions of generated code when
	// the embedded migrations are not those that the code was generated from.
	ErrGeneratedStale = errors.New("the generated code is of other migrations than those embedded")
)

// How handles and transactions are used.
var (
	// ErrNoHandle is returned by a nil or zero handle, and by queries made of
	// one.
	ErrNoHandle = query.ErrNoHandle

	// ErrNested is returned at once when, with the context of a callback of
	// Write or Read, the same database is used by another handle than the
	// callback was given.
	ErrNested = errors.New("a transaction on this database is open in this context")

	// ErrTxDone is returned by a Tx or ReadTx after its callback has returned.
	ErrTxDone = errors.New("the transaction has ended")

	// ErrTxAborted is returned when an error inside a transaction has made
	// SQLite roll it back, as the end of a statement's context does. Nothing of
	// it is written.
	ErrTxAborted = errors.New("the transaction was rolled back")

	// ErrNeedsWrite is returned outside Write for a query that writes on a
	// read transaction, or that asks for what its connection did last.
	ErrNeedsWrite = errors.New("the query runs inside Write only")

	// ErrClosed is returned when the Dir is closed.
	ErrClosed = errors.New("the Dir is closed")
)

// What is not to be had at the moment.
var (
	// ErrWriterBusy is returned when the tenant's one writer was not free within
	// Options.Wait. A *BusyError with it says who held it.
	ErrWriterBusy = errors.New("the tenant's writer is busy")

	// ErrReadersBusy is returned when none of the tenant's readers was free
	// within Options.Wait, or before the call's context ended.
	ErrReadersBusy = errors.New("the tenant's readers are busy")

	// ErrSnapshotTooOld is returned by the queries of a call of Read, or of a query
	// that reads, that has lasted for more than ten seconds while the tenant's log
	// grew beyond 64 MiB: as long as somebody reads from it, it cannot be begun anew.
	// Snapshot has a larger bound, SnapshotOptions.MaxLog.
	ErrSnapshotTooOld = errors.New("the snapshot was ended, for it kept the tenant's log from being begun anew")

	// ErrOpening is returned by ResolveWithin when the tenant was not open in time. The
	// opening, a migration perhaps, goes on.
	ErrOpening = errors.New("the tenant is still being opened")

	// ErrTooManyOpen is returned when as many tenants as may be open were in
	// use until the call's context ended.
	ErrTooManyOpen = errors.New("all tenants that may be open are in use")

	// ErrLocked is returned when another process held the file's lock for longer
	// than Options.Wait: it is writing, migrating or deleting.
	ErrLocked = sqlite.ErrBusy

	// ErrTooManyFiles is returned when the process has no file descriptors left
	// and closing idle tenants did not help.
	ErrTooManyFiles = sqlite.ErrTooManyFiles
)

// What SQLite says of data and files. See https://www.sqlite.org/rescode.html.
var (
	ErrConstraint   = sqlite.ErrConstraint // any constraint, the four below among them
	ErrUnique       = sqlite.ErrUnique     // a primary key or unique index
	ErrForeignKey   = sqlite.ErrForeignKey
	ErrNotNull      = sqlite.ErrNotNull
	ErrCheck        = sqlite.ErrCheck
	ErrDiskFull     = sqlite.ErrDiskFull // nothing was written
	ErrReadOnly     = sqlite.ErrReadOnly // the file or its folder cannot be written
	ErrCorrupt      = sqlite.ErrCorrupt
	ErrNotADatabase = sqlite.ErrNotADatabase
	ErrCannotOpen   = sqlite.ErrCannotOpen
	ErrIO           = sqlite.ErrIO
	ErrTooBig       = sqlite.ErrTooBig

	// ErrNotAuthorized is returned for SQL that a tenant's connection does not
	// run: ATTACH, PRAGMA, changes of the schema, and the like.
	ErrNotAuthorized = sqlite.ErrNotAuthorized

	// ErrOutcomeUnknown is returned when a COMMIT failed in a way that leaves
	// open whether the writes will be there when the file is next opened. It is
	// the one error after which a write must not simply be run again.
	ErrOutcomeUnknown = errors.New("it is not known whether the writes were committed")
)

// Error says what failed, for which tenant and file, and what to do next. All
// errors of this package are one, or hold one.
type Error struct {
	Op     string // what was being done; may be empty inside a query's error
	Tenant ID     // zero for the global database and where no tenant is involved
	Path   string // the file or folder; may be empty
	Err    error  // the cause, for errors.Is and errors.As
	Hint   string // what to do next; may be empty
}

// explain makes an Error of err that says what to do next, unless it is one.
func explain(op string, id ID, path string, err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	return &Error{Op: op, Tenant: id, Path: path, Err: err, Hint: hintFor(err)}
}

// hints say what to do about an error, the first that it is.
var hints = [...]struct {
	err  error
	hint string
}{
	{ErrOutcomeUnknown, "look at what is there before you do it again"},
	{ErrMigrationFailed, "the file is as it was, other tenants are not affected; mend the data or the migration and open it again"},
	{ErrSchemaBehind, "migrate it, or open the Dir with MigrateLazily"},
	{ErrWrongSchema, "the file belongs elsewhere, or the store is of the wrong package"},
	{ErrWrongTenant, "put the tenant's own file in its place"},
	{ErrUnknownTenant, "create it with Store.Create, or check the ID"},
	{ErrTenantGone, "resolve the tenant again"},
	{ErrTenantOpenElsewhere, "end what uses it there, or stop that process, and try again; a process with a catalog closes a tenant that is suspended"},
	{ErrLocked, "another process is writing, migrating or deleting it; try again"},
	{ErrWriterBusy, "keep transactions short; a call inside that Write must use the context and the Tx or Queries that its callback was given"},
	{ErrTooManyOpen, "raise Options.MaxOpen, or let fewer tenants be used at once"},
	{ErrTooManyFiles, "raise the process's limit (ulimit -n) or lower Options.MaxOpen"},
	{ErrClosed, "it was closed by Dir.Close"},
	{ErrDiskFull, "nothing was written; free space and try again"},
	{ErrNotADatabase, "restore the file from a backup; other tenants are not affected"},
	{ErrCorrupt, "restore the file from a backup; other tenants are not affected"},
	{ErrReadOnly, "the file, its -wal and -shm and their folder must be writable for this process"},
	{ErrCannotOpen, "the file and its folder must be readable and writable for this process"},
}

func hintFor(err error) string {
	for _, h := range hints {
		if errors.Is(err, h.err) {
			return h.hint
		}
	}
	return ""
}

// Error returns all of it on one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("tenantdb: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	if !e.Tenant.IsZero() {
		b.WriteString("tenant " + e.Tenant.String() + ": ")
	}
	if e.Path != "" {
		if filepath.Base(e.Path) == globalFile {
			b.WriteString("global database: ")
		}
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Err.Error())
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// BusyError says who held a tenant's writer. It is ErrWriterBusy.
type BusyError struct {
	Holder string        // the query, or the call of Write; empty for another process
	Held   time.Duration // how long it had held the writer
	Waited time.Duration // how long the call waited
}

// Error names the holder.
func (e *BusyError) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("%v: another process has held it, waited %v", ErrWriterBusy, e.Waited)
	}
	return fmt.Sprintf("%v: %s has held it for %v, waited %v", ErrWriterBusy, e.Holder, e.Held, e.Waited)
}

// Is reports whether target is ErrWriterBusy.
func (e *BusyError) Is(target error) bool { return target == ErrWriterBusy }

// callbackError is what a callback of Write or Read returned. It is not known what
// else the callback has done.
type callbackError struct{ error }

func (e callbackError) Unwrap() error { return e.error }

// SafeToRetry reports whether the call that returned err is known to have changed
// nothing in a database, so that running it again cannot do it twice. Whether it
// would succeed is another question: the error of a constraint is safe to retry,
// and will come again. Of nil it is false, and of errors that do not come from this
// package or from a query. It is false, too, when a callback of Write or Read returned
// the error, whatever that is: nothing of the transaction is written, but what else the
// callback did, to the global database for example, nobody here knows.
func SafeToRetry(err error) bool {
	var ofCallback callbackError
	if err == nil || errors.Is(err, ErrOutcomeUnknown) || errors.As(err, &ofCallback) {
		return false
	}
	var own *Error
	var ofQuery *query.Error
	return errors.As(err, &own) || errors.As(err, &ofQuery)
}
