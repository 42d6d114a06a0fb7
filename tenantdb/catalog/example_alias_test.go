package catalog_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/catalog"
)

func ExampleCatalog_AddAlias() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, globex := exampleID("acme"), exampleID("globex")
	fmt.Println(c.AddAlias(ctx, acme, "domain", "shop.example"))
	err := c.AddAlias(ctx, globex, "domain", "shop.example")
	var taken *catalog.AliasTakenError
	fmt.Println(errors.As(err, &taken), taken.Alias.Tenant)
	// Output:
	// <nil>
	// true acme
}

func ExampleCatalog_RemoveAlias() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	fmt.Println(c.AddAlias(ctx, exampleID("acme"), "domain", "shop.example"))
	fmt.Println(c.RemoveAlias(ctx, "domain", "shop.example"))
	_, err := c.LookupAlias(ctx, "domain", "shop.example")
	fmt.Println(errors.Is(err, catalog.ErrUnknownAlias))
	// Output:
	// <nil>
	// <nil>
	// true
}

func ExampleCatalog_Aliases() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme := exampleID("acme")
	fmt.Println(c.AddAlias(ctx, acme, "organisation", "org_01EH"), c.AddAlias(ctx, acme, "domain", "shop.example"))
	aliases, err := c.Aliases(ctx, acme)
	for _, a := range aliases {
		fmt.Println(a.Kind, a.Value)
	}
	fmt.Println(err)
	// Output:
	// <nil> <nil>
	// domain shop.example
	// organisation org_01EH
	// <nil>
}

// Each request of a service may ask: it costs a look at memory, as long as no alias is changed.
func ExampleCatalog_LookupAlias() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	fmt.Println(c.AddAlias(ctx, exampleID("acme"), "domain", "shop.example"))
	fmt.Println(c.LookupAlias(ctx, "domain", "shop.example"))
	_, err := c.LookupAlias(ctx, "domain", "Shop.example") // nothing is folded
	fmt.Println(err)
	// Output:
	// <nil>
	// acme <nil>
	// tenantdb: catalog: look up alias: no tenant has the alias (no such tenant): domain "Shop.example"
}

// A transaction sees what it has changed itself.
func ExampleTx_LookupAlias() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	err := c.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if err := tx.AddAlias(ctx, exampleID("acme"), "domain", "shop.example"); err != nil {
			return err
		}
		fmt.Println(tx.LookupAlias(ctx, "domain", "shop.example"))
		_, err := c.LookupAlias(ctx, "domain", "shop.example") // what is committed
		fmt.Println(errors.Is(err, catalog.ErrUnknownAlias))
		return nil
	})
	fmt.Println(err)
	// Output:
	// acme <nil>
	// true
	// <nil>
}
