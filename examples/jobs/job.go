package main

import (
	"context"
	"encoding/json"

	"github.com/silokit/silo/examples/jobs/gen/global"
	"github.com/silokit/silo/tenantdb"
)

// queueName is the queue that the jobs are in.
const queueName = "reports"

// job is what is in the queue: a report to be written for a tenant. The tenant is text
// there, and comes back through tenantdb.ParseID: a payload that somebody has tampered
// with names no file but a tenant's.
type job struct {
	Tenant tenantdb.ID `json:"tenant"`
	Month  string      `json:"month"`
}

// order notes what the tenant of ctx has ordered, and has it done: both, or neither, for it is
// one transaction on the global database, in which the queue is a table.
func order(ctx context.Context, db *global.DB, month string) error {
	id, ok := tenantdb.TenantFrom(ctx)
	if !ok {
		return tenantdb.ErrNoTenant
	}
	body, err := json.Marshal(job{Tenant: id, Month: month})
	if err != nil {
		return err
	}
	return global.Write(ctx, db, func(ctx context.Context, q *global.Queries) error {
		if err := q.AddOrder(ctx, global.AddOrderParams{TenantID: id.String(), Month: month}); err != nil {
			return err
		}
		return q.EnqueueJob(ctx, global.EnqueueJobParams{Queue: queueName, Body: body})
	})
}
