// Generic functions and wrappers keep the schema, and then they are let in.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func queriesOf[H tenantdb.Handle[tenant.Schema]](h H) *tenant.Queries { return tenant.New(h) }

func same[S any](h tenantdb.Handle[S]) tenantdb.Handle[S] { return h }

func reading[S any](h tenantdb.Handle[S]) tenantdb.ReadHandle[S] { return h }

func bind[S tenantdb.TenantSchema](db *tenantdb.TenantDB[S]) { _ = tenantdb.Bind(db) }

type tenantRepository struct{ *tenant.DB }

type globalRepository struct{ *global.DB }

type alias = tenantdb.TenantDB[tenant.Schema]

func _(t tenantRepository, g globalRepository, a *alias) {
	queriesOf(tenantDB)
	queriesOf(tenantTx)
	bind(tenantDB)
	bind(invoicesDB)
	tenant.New(same[tenant.Schema](tenantDB))
	tenant.NewReader(reading[tenant.Schema](tenantTx))
	tenant.New(t)
	global.New(g)
	tenant.New(a)
}
