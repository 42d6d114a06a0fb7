package tenantdb

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/lease"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// address is what a handle has: where its database is and which one it must be.
type address struct {
	dir         *Dir
	def         *definition
	tenant      ID         // zero: the global database
	incarnation string     // of the file that was resolved
	limits      *Admission // of the handle, or nil
	use         use

	// ref finds the open database without the cache's look-up and lock. Addresses that
	// are used once have none.
	ref *lease.Ref[ID, *database]
}

// use says whether whoever has an address is likely to come back.
type use int

const (
	toStay    use = iota
	passingBy     // on the way through many tenants
	ifOpen        // to stay, once it has been opened
)

var lease0 lease.Lease[ID, *database]

// errNotOpen is returned to who uses a database ifOpen.
var errNotOpen = errors.New("the tenant is not open")

func (a *address) binding() query.Binding {
	if a == nil {
		return query.Binding{}
	}
	return query.Bind(a)
}

// check refuses contexts that are not the handle's.
func (a *address) check(bound *binding) error {
	switch {
	case a.tenant.IsZero(): // any context may use the global database
		return nil
	case bound == nil || bound.tenant.IsZero():
		return &Error{Tenant: a.tenant, Err: ErrNoTenant, Hint: "use the context that the handle was resolved with, or one made by WithTenant"}
	case bound.tenant != a.tenant:
		return &Error{Tenant: a.tenant, Err: ErrTenantMismatch, Hint: "the context is of tenant " + bound.tenant.name + "; resolve its own handle"}
	}
	return nil
}

// lease leases the open database, and checks that it is the one the handle was
// made for.
func (a *address) lease(ctx context.Context) (lease.Lease[ID, *database], error) {
	bound := bindingOf(ctx)
	if err := a.check(bound); err != nil {
		return lease0, err
	}
	if bound.inTransaction(a) {
		return lease0, &Error{Tenant: a.tenant, Err: ErrNested, Hint: "use the Tx or Queries that the callback was given"}
	}
	if err := ctx.Err(); err != nil {
		return lease0, &Error{Tenant: a.tenant, Err: sqlite.Ended(ctx)}
	}
	held, err := a.dir.acquire(ctx, *a)
	if errors.Is(err, ErrUnknownTenant) {
		// It was there when the handle was resolved.
		return lease0, &Error{Tenant: a.tenant, Path: a.dir.path(*a), Err: ErrTenantGone, Hint: "its file has been removed"}
	}
	if err != nil {
		return lease0, err
	}
	if db := held.Value(); db.incarnation != a.incarnation {
		held.Release()
		return lease0, &Error{Tenant: a.tenant, Path: db.path, Err: ErrTenantGone, Hint: "resolve the tenant again"}
	}
	return held, nil
}

// lend lends a connection to one call: of a query, or without one of Write or Read.
func (a *address) lend(ctx context.Context, st *query.Statement, access query.Access) (*connection, error) {
	if a.limits != nil && access == query.Writes {
		return nil, &Error{Tenant: a.tenant, Err: a.limits.ReadOnly}
	}
	held, err := a.lease(ctx)
	if err != nil {
		return nil, err
	}
	db := held.Value()
	var c *connection
	switch {
	case access == query.Writes:
		c, err = db.lendWriter(ctx, st)
	case st != nil:
		c, err = db.lendToRead(ctx, st)
	default: // a call of Read may last, and must not hold up those that write
		c, err = db.lendReader(ctx)
	}
	if err != nil {
		db.countRefused(err)
		err = db.fail(err)
		if db.broken.Load() {
			held.Discard()
		} else {
			held.Release()
		}
		return nil, err
	}
	c.lease = held
	if a.def.catalog {
		c.conn.ServeCatalog()
	}
	return c, nil
}

// Acquire lends a connection to one statement: a reader, or the writer within a
// transaction of the statement alone.
func (a *address) Acquire(ctx context.Context, st *query.Statement) (query.Session, error) {
	if st.InWriteOnly() {
		return nil, &Error{Tenant: a.tenant, Err: ErrNeedsWrite, Hint: "it asks for what its connection did last; call it on the Queries of Write"}
	}
	c, err := a.lend(ctx, st, st.Access())
	if err != nil {
		return nil, err
	}
	if !c.writes {
		if err := c.enter(); err != nil {
			return nil, c.End(err)
		}
	}
	return c, nil
}
