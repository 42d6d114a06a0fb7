package tenantdb_test

import (
	"context"
	"fmt"
	"log"
	"sync"

	"github.com/silokit/silo/tenantdb"
)

// A request answers at once, and leaves work behind for its tenant.
func ExampleDetach() {
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	request, end := context.WithCancel(context.Background())
	request, err = tenantdb.WithTenant(request, id)
	if err != nil {
		log.Fatal(err)
	}
	var left sync.WaitGroup // joined before the Dir is closed
	ctx := tenantdb.Detach(request)
	left.Go(func() {
		<-request.Done()
		tenant, _ := tenantdb.TenantFrom(ctx)
		fmt.Println(tenant, ctx.Err()) // store.Resolve(ctx) and go on
	})
	end() // the request has been answered
	left.Wait()
	// Output: acme <nil>
}
