// A schema of an application is not taken for that of Silo's catalog.
package p

import "github.com/silokit/silo/tenantdb"

type permit struct{}

// forged has all of the method's signature that can be written down.
type forged struct{ payroll }

func (forged) WritesSiloTables(permit) {}

func _() {
	tenantdb.JoinCatalog(payrollDB, globalTx) // ERROR `C \(type payroll\) does not satisfy tenantdb\.CatalogSchema \(missing method WritesSiloTables\)`
	var db *tenantdb.GlobalDB[forged]
	tenantdb.JoinCatalog(db, globalTx) // ERROR `C \(type forged\) does not satisfy tenantdb\.CatalogSchema \(wrong type for method WritesSiloTables\)`
}
