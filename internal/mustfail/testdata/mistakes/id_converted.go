// An ID is made by ParseID only: not by a conversion.
package p

import "github.com/silokit/silo/tenantdb"

var (
	_                = tenantdb.ID("acme")                        // ERROR `cannot convert "acme" \(untyped string constant\) to type tenantdb\.ID`
	_                = tenantdb.ID(struct{ name string }{"acme"}) // ERROR `cannot convert .*struct\{name string\}\) to type tenantdb\.ID`
	_    tenantdb.ID = "acme"                                     // ERROR `cannot use "acme" \(untyped string constant\) as tenantdb\.ID value in variable declaration`
	_, _             = tenantdb.WithTenant(ctx, "acme")           // ERROR `cannot use "acme" \(untyped string constant\) as tenantdb\.ID value in argument to tenantdb\.WithTenant`
	_                = tenantStore.Create(ctx, "acme")            // ERROR `cannot use "acme" \(untyped string constant\) as tenantdb\.ID value in argument to tenantStore\.Create`
)
