package catalog

import (
	"context"
	"iter"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Filter says which tenants are meant. The zero Filter means all; what is set must all be
// true of a tenant.
type Filter struct {
	State State // in this state

	// Label is the name of a label, and Value what the tenant has under it.
	Label, Value string

	After tenantdb.ID // with IDs behind this one, to go on with a listing that was left
}

// List yields the tenants in the order of their IDs. It reads some hundred at a time, so it
// takes little memory however many there are, and nothing is held between them: a tenant
// that changes meanwhile is yielded as it was at one time or the other, and none twice. The
// sequence ends with the first error, which comes with a zero Tenant. It may be ranged
// over again, and then begins anew.
func (o *operations) List(ctx context.Context, filter Filter) iter.Seq2[Tenant, error] {
	return pages(func(last Tenant) (page []Tenant, err error) {
		after := filter.After
		if !last.ID.IsZero() {
			after = last.ID
		}
		err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
			rows, err := filter.page(ctx, q, after.String())
			if err == nil {
				page, err = withLabels(ctx, q, rows)
			}
			return err
		})
		return page, failed("list", tenantdb.ID{}, err)
	})
}

func (f Filter) page(ctx context.Context, q *catalogdb.Reader, after string) ([]catalogdb.SiloTenant, error) {
	switch {
	case f.Label != "" && f.State != "":
		return q.ListTenantsInStateWithLabel(ctx, catalogdb.ListTenantsInStateWithLabelParams{State: string(f.State), Name: f.Label, Value: f.Value, After: after, MaxRows: pageSize})
	case f.Label != "":
		return q.ListTenantsWithLabel(ctx, catalogdb.ListTenantsWithLabelParams{Name: f.Label, Value: f.Value, After: after, MaxRows: pageSize})
	case f.State != "":
		return q.ListTenantsInState(ctx, catalogdb.ListTenantsInStateParams{State: string(f.State), After: after, MaxRows: pageSize})
	}
	return q.ListTenants(ctx, catalogdb.ListTenantsParams{After: after, MaxRows: pageSize})
}
