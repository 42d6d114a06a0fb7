// A query that writes is no method of a Reader.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func _() {
	tenant.NewReader(tenantDB).InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{})               // ERROR `tenant\.NewReader\(tenantDB\)\.InsertAuditEntry undefined \(type \*tenant\.Reader has no field or method InsertAuditEntry\)`
	global.NewReader(globalDB).UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{}) // ERROR `global\.NewReader\(globalDB\)\.UpsertTenantHourlyStats undefined \(type \*global\.Reader has no field or method UpsertTenantHourlyStats\)`
}
