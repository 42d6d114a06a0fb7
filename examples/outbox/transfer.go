// Package outbox is an example of what to do where one transaction would have to write to the files of two
// tenants, which none does: the first writes a message beside its own rows, and a relay has that take effect in
// the other's file, once. docs/isolation.md says when to.
package outbox

import (
	"context"
	"crypto/rand"

	"github.com/silokit/silo/examples/outbox/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// Transfer takes an amount, in cents, from the tenant of ctx, and leaves word that another is to have it: both or
// neither, for it is one transaction on one file. The other has it when Deliver has run.
func Transfer(ctx context.Context, db *tenant.DB, to tenantdb.ID, amount int64) error {
	return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
		if err := q.ChangeBalance(ctx, -amount); err != nil {
			return err // ErrCheck: there is not so much
		}
		return q.PutMessage(ctx, tenant.PutMessageParams{Message: rand.Text(), Recipient: to.String(), Amount: amount})
	})
}
