package outbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/examples/outbox/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// page is how many messages are read at once.
const page = 100

// Deliver has the messages of a tenant take effect, each recipient's in their order. It may be run again, or by
// several at once, whatever became of the last run: what has taken effect does not again. A recipient that cannot
// be reached gets no later message before this one, and keeps nobody else from theirs. ctx carries no tenant.
func Deliver(ctx context.Context, store *tenant.Store, from tenantdb.ID) error {
	var failed []error
	passed := map[string]bool{} // recipients that have not got an earlier message
	for after := int64(0); ; {
		messages, err := open(ctx, store, from, after)
		if err != nil || len(messages) == 0 {
			return errors.Join(append(failed, err)...)
		}
		for _, m := range messages {
			after = m.ID
			if passed[m.Recipient] {
				continue
			}
			if err := deliver(ctx, store, from, m); err != nil {
				passed[m.Recipient] = true
				failed = append(failed, fmt.Errorf("message %s of %s to %s: %w", m.Message, from, m.Recipient, err))
			}
		}
	}
}

func open(ctx context.Context, store *tenant.Store, from tenantdb.ID, after int64) (messages []tenant.OpenMessagesRow, err error) {
	err = store.Visit(ctx, from, func(ctx context.Context, db *tenant.DB) error {
		messages, err = tenant.New(db).OpenMessages(ctx, tenant.OpenMessagesParams{After: after, MaxRows: page})
		return err
	})
	return messages, err
}

// deliver writes to the recipient first. Whoever dies between the two writes leaves a message that is delivered
// again, and that the inbox then knows.
func deliver(ctx context.Context, store *tenant.Store, from tenantdb.ID, m tenant.OpenMessagesRow) error {
	to, err := tenantdb.ParseID(m.Recipient)
	if err != nil {
		return err
	}
	err = store.Visit(ctx, to, func(ctx context.Context, db *tenant.DB) error {
		return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
			taken, err := q.TakeMessage(ctx, m.Message)
			if err != nil || taken == 0 {
				return err
			}
			return q.ChangeBalance(ctx, m.Amount)
		})
	})
	if err != nil {
		return err
	}
	return store.Visit(ctx, from, func(ctx context.Context, db *tenant.DB) error {
		return tenant.New(db).MarkDelivered(ctx, m.ID)
	})
}
