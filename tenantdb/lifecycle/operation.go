package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Operation names what is done to a tenant, in hooks and in the catalog's audit.
type Operation string

// The operations.
const (
	OpCreate     Operation = "create"
	OpClone      Operation = "clone"
	OpImport     Operation = "import"
	OpRestoreAs  Operation = "restore as"
	OpSuspend    Operation = "suspend"
	OpResume     Operation = "resume"
	OpQuarantine Operation = "quarantine"
	OpExport     Operation = "export"
	OpDelete     Operation = "delete"
	OpUndelete   Operation = "undelete"
	OpPurge      Operation = "purge"
	OpErase      Operation = "erase"
	OpBackup     Operation = "backup"
	OpRestore    Operation = "restore"
	OpPrune      Operation = "prune"
	OpVerify     Operation = "verify"
	OpMend       Operation = "mend" // Doctor with a fix
)

// How operations end, in the catalog's audit.
const (
	ResultOK     = "ok"
	ResultBegun  = "begun" // it goes on in several steps
	ResultFailed = "failed"
	ResultVetoed = "vetoed"
)

// Event is an operation that is about to begin or has ended.
type Event struct {
	Operation Operation
	Tenant    tenantdb.ID // the one that is made or changed; zero: the global database
	From      tenantdb.ID // of Clone and RestoreAs: whose data it gets; otherwise zero
	Err       error       // why it failed; nil before it, and when it succeeded
}

// Hook is told of operations. Its functions may be nil; they are called with the
// operation's context, while no other operation on the tenant runs, and may be called
// concurrently for several tenants. They are not called where there is nothing to do,
// as for a Create with a key whose tenant is there.
type Hook struct {
	// Before may refuse the operation by an error, of which ErrVetoed is made. Nothing
	// was changed until then.
	Before func(ctx context.Context, e Event) error

	// After is told of each operation that was begun, also when it failed. It changes
	// nothing about it. If the process dies it is not called.
	After func(ctx context.Context, e Event)
}

// perform runs an operation between its hooks, and records it when it fails. What
// succeeds records itself, in the commit that makes it so.
func (m *Manager[S]) perform(ctx context.Context, e Event, f func(ctx context.Context) error) error {
	for _, h := range m.options.Hooks {
		if h.Before == nil {
			continue
		}
		if err := h.Before(ctx, e); err != nil {
			m.note(ctx, e.Operation, e.Tenant, ResultVetoed, detail{"error": err.Error()})
			return &VetoError{Operation: e.Operation, Tenant: e.Tenant, Err: err}
		}
	}
	e.Err = f(ctx)
	if e.Err != nil {
		m.note(ctx, e.Operation, e.Tenant, ResultFailed, detail{"error": recorded(e.Err)})
	}
	for i := len(m.options.Hooks) - 1; i >= 0; i-- {
		if h := m.options.Hooks[i]; h.After != nil {
			h.After(ctx, e)
		}
	}
	return e.Err
}

// recorded is what the record of one tenant says of an error. Another tenant's alias is not
// named there: Erase of that one would leave it.
func recorded(err error) string {
	var taken *catalog.AliasTakenError
	if errors.As(err, &taken) {
		return fmt.Sprintf("%v: tenant %s", catalog.ErrAliasTaken, taken.Alias.Tenant)
	}
	return err.Error()
}

// detail is what an entry says beside the rest.
type detail map[string]any

func (d detail) json() json.RawMessage {
	out, err := json.Marshal(d)
	if err != nil {
		return nil // what is put there can be encoded
	}
	return out
}

func entry(op Operation, id tenantdb.ID, result string, d detail) catalog.Entry {
	return catalog.Entry{Operation: string(op), Tenant: id, Result: result, Detail: d.json()}
}

// recordWait is how long may take what is done when an operation has ended: to record it, and to
// undo it.
const recordWait = 10 * time.Second

// afterwards returns the context of what is done when an operation has ended, be it because the
// operation's own context has.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), recordWait)
}

// note records what changed nothing in the catalog: if it cannot be, that is no reason to
// say that the operation ended otherwise.
func (m *Manager[S]) note(ctx context.Context, op Operation, id tenantdb.ID, result string, d detail) {
	m.noteBy(ctx, entry(op, id, result, d), m.catalog.Record)
}

// noteCopied is note of a copy that was made of the tenant's file. What that was found to be is
// noted, for people, in the same commit.
func (m *Manager[S]) noteCopied(ctx context.Context, op Operation, of tenantdb.Manifest, d detail) {
	d["sha256"], d["bytes"] = of.SHA256, of.Size
	m.noteBy(ctx, entry(op, of.Tenant, ResultOK, d), func(ctx context.Context, e catalog.Entry) error {
		return m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
			return errors.Join(tx.Record(ctx, e), tx.NoteSeen(ctx, of.Tenant, seen(of)))
		})
	})
}

func (m *Manager[S]) noteBy(ctx context.Context, e catalog.Entry, record func(context.Context, catalog.Entry) error) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if err := record(ctx, e); err != nil && !errors.Is(err, tenantdb.ErrClosed) {
		m.options.Logger.Warn("lifecycle: an operation could not be recorded", slog.String("operation", e.Operation),
			slog.String("tenant", e.Tenant.String()), slog.String("result", e.Result), slog.Any("error", err))
	}
}

// lookAt returns what the catalog keeps of a tenant's file.
func (m *Manager[S]) lookAt(ctx context.Context, id tenantdb.ID) (catalog.Seen, error) {
	now, err := m.store.Standing(ctx, id)
	return catalog.Seen{SchemaVersion: now.Version, SizeBytes: now.Size}, err
}

// made returns what the catalog keeps of a file that was made just now, with all migrations. To open it
// would take as long as to make it.
func (m *Manager[S]) made(id tenantdb.ID) (made catalog.Seen, err error) {
	if versions := m.store.MigrationVersions(); len(versions) > 0 {
		made.SchemaVersion = versions[len(versions)-1]
	}
	made.SizeBytes, err = m.store.FileSize(id)
	return made, err
}

// seen is what the catalog keeps of a copy.
func seen(of tenantdb.Manifest) catalog.Seen {
	return catalog.Seen{SchemaVersion: of.SchemaVersion, SizeBytes: of.Size}
}
