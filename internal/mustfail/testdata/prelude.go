// Package p: what every program of the tests may use.
package p

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// invoices is a tenant schema of somebody else's, with code as it is generated.
type invoices struct{ tenantdb.Tenant }

func (invoices) Migrations() fs.FS       { return nil }
func (invoices) Origin() tenantdb.Origin { return tenantdb.Origin{} }

// payroll is a global schema of somebody else's.
type payroll struct{ tenantdb.Global }

func (payroll) Migrations() fs.FS       { return nil }
func (payroll) Origin() tenantdb.Origin { return tenantdb.Origin{} }

func newInvoices(tenantdb.Handle[invoices])           {}
func newInvoicesReader(tenantdb.ReadHandle[invoices]) {}

// Handles of every kind.
var (
	ctx context.Context
	dir *tenantdb.Dir

	tenantStore  *tenant.Store
	tenantDB     *tenant.DB
	tenantTx     *tenant.Tx
	tenantReadTx *tenant.ReadTx

	globalDB     *global.DB
	globalTx     *global.Tx
	globalReadTx *global.ReadTx

	invoicesStore  *tenantdb.Store[invoices]
	invoicesDB     *tenantdb.TenantDB[invoices]
	invoicesTx     *tenantdb.Tx[invoices]
	invoicesReadTx *tenantdb.ReadTx[invoices]

	payrollDB *tenantdb.GlobalDB[payroll]

	sqlDB   *sql.DB
	sqlTx   *sql.Tx
	sqlConn *sql.Conn
)
