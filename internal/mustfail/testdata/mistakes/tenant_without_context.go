// A tenant is resolved from a context, not from a name.
package p

import "github.com/silokit/silo/tenantdb"

func _(id tenantdb.ID) {
	_, _ = tenantStore.Resolve(id)      // ERROR `tenantdb\.ID does not implement context\.Context \(missing method Deadline\)`
	_, _ = tenantStore.Resolve("acme")  // ERROR `string does not implement context\.Context \(missing method Deadline\)`
	_, _ = tenantStore.Resolve(ctx, id) // ERROR `too many arguments in call to tenantStore\.Resolve.*have \(context\.Context, tenantdb\.ID\).*want \(context\.Context\)`
}
