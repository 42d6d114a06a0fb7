// No handle is of two schemas.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

type ofBoth interface {
	tenantdb.Handle[tenant.Schema] // ERROR `other declaration of method reads` `other declaration of method writes`
	tenantdb.Handle[global.Schema] // ERROR `duplicate method reads` `duplicate method writes`
}
