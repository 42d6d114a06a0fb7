package tenantdb

import "github.com/silokit/silo/tenantdb/internal/registry"

// TakeCounts has the Dir of a handle count for somebody.
func TakeCounts[S TenantSchema](db *TenantDB[S]) { db.a.dir.TakeUsage(registry.Permit{}) }
