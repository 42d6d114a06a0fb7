-- name: UpsertTenantMonthlyUsage :one
-- UpsertTenantMonthlyUsage writes what a tenant used in a month ('2006-01', UTC) in
-- place of what was there, and returns the row.
INSERT INTO tenant_monthly_usage (tenant_id, month, runs, run_duration_ms, updated_ms)
VALUES (@tenant_id, @month, @runs, @run_duration_ms, @updated_ms)
ON CONFLICT (tenant_id, month) DO UPDATE
SET
    runs = excluded.runs,
    run_duration_ms = excluded.run_duration_ms,
    updated_ms = excluded.updated_ms
RETURNING *;

-- name: ListMonthlyUsage :many
-- ListMonthlyUsage returns what each tenant used in a month, with the price of its plan
-- where it has one.
SELECT
    tenant_monthly_usage.tenant_id,
    tenant_monthly_usage.runs,
    tenant_monthly_usage.run_duration_ms,
    plans.name AS plan_name,
    plans.price_cents
FROM tenant_monthly_usage
LEFT JOIN subscriptions ON subscriptions.tenant_id = tenant_monthly_usage.tenant_id
LEFT JOIN plans ON plans.id = subscriptions.plan_id
WHERE tenant_monthly_usage.month = @month
ORDER BY tenant_monthly_usage.tenant_id;
