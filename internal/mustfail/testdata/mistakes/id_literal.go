// An ID is made by ParseID only: not as a literal.
package p

import "github.com/silokit/silo/tenantdb"

var (
	_ = tenantdb.ID{"../acme"}       // ERROR `implicit assignment to unexported field name in struct literal of type tenantdb\.ID`
	_ = tenantdb.ID{name: "../acme"} // ERROR `cannot refer to unexported field name in struct literal of type tenantdb\.ID`
)

func _(id tenantdb.ID) {
	id.name = "../acme" // ERROR `id\.name undefined \(cannot refer to unexported field name\)`
}
