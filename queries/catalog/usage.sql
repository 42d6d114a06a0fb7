-- name: AddUsage :exec
-- AddUsage adds to an hour of a tenant, if the tenant is registered.
INSERT INTO silo_usage (hour_ms, tenant_id, calls, errors, slow, size_bytes)
SELECT @hour_ms, id, @calls, @errors, @slow, @size_bytes FROM silo_tenants WHERE id = @tenant_id
ON CONFLICT (hour_ms, tenant_id) DO UPDATE
SET calls = calls + excluded.calls, errors = errors + excluded.errors, slow = slow + excluded.slow,
    size_bytes = iif(excluded.size_bytes > 0, excluded.size_bytes, size_bytes);

-- name: PruneUsage :execrows
-- PruneUsage removes the oldest of the hours before one.
DELETE FROM silo_usage
WHERE (hour_ms, tenant_id) IN (
    SELECT hour_ms, tenant_id FROM silo_usage WHERE hour_ms < @before_ms ORDER BY hour_ms, tenant_id LIMIT @most
);

-- name: ListUsageOfTenant :many
-- ListUsageOfTenant returns the hours of a tenant from one on.
SELECT * FROM silo_usage WHERE tenant_id = @tenant_id AND hour_ms >= @since_ms ORDER BY hour_ms;

-- name: TopTenants :many
-- TopTenants returns the tenants that have most of what they are sorted by; -1 of them are all.
-- @scan ok
WITH used AS (
    SELECT tenant_id, sum(calls) AS calls, sum(errors) AS errors, sum(slow) AS slow
    FROM silo_usage WHERE hour_ms >= @since_ms GROUP BY tenant_id
), tenants AS (
    SELECT
        t.id,
        t.display_name,
        t.state,
        CAST(coalesce(u.calls, 0) AS INTEGER) AS calls,
        CAST(coalesce(u.errors, 0) AS INTEGER) AS errors,
        CAST(coalesce(u.slow, 0) AS INTEGER) AS slow,
        CAST(coalesce(
            (SELECT s.size_bytes FROM silo_usage AS s WHERE s.tenant_id = t.id AND s.size_bytes > 0 ORDER BY s.hour_ms DESC LIMIT 1),
            t.size_bytes, 0
        ) AS INTEGER) AS bytes
    FROM silo_tenants AS t
    LEFT JOIN used AS u ON u.tenant_id = t.id
    WHERE t.state <> 'deleted'
)
SELECT * FROM tenants
ORDER BY CASE @sort_by WHEN 'calls' THEN calls WHEN 'errors' THEN errors WHEN 'slow' THEN slow ELSE bytes END DESC, id
LIMIT @most;

-- name: CountStates :many
-- CountStates returns how many tenants are in which state.
-- @scan ok
SELECT state, count(*) AS tenants FROM silo_tenants GROUP BY state ORDER BY state;

-- name: SumSizes :one
-- SumSizes returns how large the tenants are that are not deleted, when each was last looked at.
-- @scan ok
SELECT CAST(coalesce(sum(coalesce(
    (SELECT s.size_bytes FROM silo_usage AS s WHERE s.tenant_id = t.id AND s.size_bytes > 0 ORDER BY s.hour_ms DESC LIMIT 1),
    t.size_bytes, 0
)), 0) AS INTEGER) AS size_bytes
FROM silo_tenants AS t WHERE t.state <> 'deleted';

-- name: SumUsage :many
-- SumUsage returns what the tenants were asked together, by times of a length.
-- @scan ok
SELECT
    coalesce(hour_ms - hour_ms % CAST(@length_ms AS INTEGER), 0) AS from_ms,
    count(DISTINCT tenant_id) AS tenants,
    CAST(sum(calls) AS INTEGER) AS calls,
    CAST(sum(errors) AS INTEGER) AS errors,
    CAST(sum(slow) AS INTEGER) AS slow
FROM silo_usage
WHERE hour_ms >= @since_ms
GROUP BY 1
ORDER BY 1;
