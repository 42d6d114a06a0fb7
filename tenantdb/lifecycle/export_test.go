package lifecycle

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/registry"
)

// OnStep has f called before each step of an operation, and before each step on files that
// the Manager's Dir takes.
func OnStep[S tenantdb.TenantSchema](m *Manager[S], f func(what string)) {
	m.step, m.files.Step = f, f
	if folder, ok := m.options.Backups.(*Folder); ok {
		folder.files.Step = f
	}
	m.store.Dir().OnFileStep(registry.Permit{}, f)
}

// RestoreGlobalBy is RestoreGlobal with what OnStep has set for a Manager.
func RestoreGlobalBy[S tenantdb.TenantSchema](ctx context.Context, m *Manager[S], sequence int64) (Restored, error) {
	return m.restoreGlobal(ctx, m.store.Dir(), sequence)
}

// SumOf returns the SHA-256 of the content.
var SumOf = sumOf

// ReadArchive reads an export, and unpacks its database.
var ReadArchive = readArchive

// LockFiles has the Manager's locks be files, as where the system cannot lock bytes for who has
// opened a file.
func LockFiles[S tenantdb.TenantSchema](m *Manager[S]) { m.locks.as, m.keyLocks.as = aFile, aFile }

// LocksFiles reports whether they are.
func LocksFiles[S tenantdb.TenantSchema](m *Manager[S]) bool {
	release, err := m.locks.takeBytes(context.Background(), once, nil)
	if err == nil {
		release()
	}
	return m.locks.as == aFile || errors.Is(err, errors.ErrUnsupported)
}

// LockRetry is how often a lock is asked for.
const LockRetry = lockRetry
