// A tenant is named by an ID from ParseID, bound to a context, and resolved from it.
package p

import "github.com/silokit/silo/tenantdb"

func _() error {
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		return err
	}
	if err := tenantStore.Create(ctx, id); err != nil {
		return err
	}
	ctx, err := tenantdb.WithTenant(ctx, id)
	if err != nil {
		return err
	}
	db, err := tenantStore.Resolve(ctx)
	if err != nil {
		return err
	}
	_ = db.Tenant() == id
	_ = db == tenantDB
	_ = map[tenantdb.ID]int{id: 1}
	return nil
}
