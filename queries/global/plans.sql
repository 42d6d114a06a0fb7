-- name: CreatePlan :one
-- CreatePlan adds a plan and returns it. Without max_actions it limits nothing.
INSERT INTO plans (id, name, price_cents, max_actions)
VALUES (@id, @name, @price_cents, @max_actions)
RETURNING *;

-- name: ListPlans :many
-- ListPlans returns the plans on offer, the cheapest first.
SELECT *
FROM plans
WHERE retired_at IS NULL
ORDER BY price_cents, id;

-- name: RetirePlan :execrows
-- RetirePlan takes a plan off the offer; tenants that have it keep it. It returns 0
-- when there is no such plan on offer.
UPDATE plans
SET retired_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE id = @id AND retired_at IS NULL;

-- name: SetSubscription :exec
-- SetSubscription gives a tenant a plan in place of the one it had. It fails when the
-- plan is retired.
INSERT INTO subscriptions (tenant_id, plan_id)
VALUES (@tenant_id, @plan_id)
ON CONFLICT (tenant_id) DO UPDATE
SET plan_id = excluded.plan_id, started_at = excluded.started_at
WHERE subscriptions.plan_id <> excluded.plan_id;

-- name: GetPlanOfTenant :one
-- GetPlanOfTenant returns the plan that a tenant has.
SELECT plans.*
FROM subscriptions
JOIN plans ON plans.id = subscriptions.plan_id
WHERE subscriptions.tenant_id = @tenant_id;
