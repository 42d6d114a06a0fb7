package lifecycle

import (
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

// SumOf returns the SHA-256 of the content.
var SumOf = sumOf

// ReadArchive reads an export, and unpacks its database.
var ReadArchive = readArchive
