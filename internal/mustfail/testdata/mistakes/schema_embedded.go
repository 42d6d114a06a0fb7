// A schema that embeds another has not its handles.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

type extended struct{ tenant.Schema }

func _(db *tenantdb.TenantDB[extended], tx *tenantdb.Tx[extended]) {
	tenant.New(db)       // ERROR `wrong type for method reads.*have reads\(extended\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(tx) // ERROR `wrong type for method reads.*have reads\(extended\).*want reads\(tenant\.Schema\)`
}
