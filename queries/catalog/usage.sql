-- name: AddUsage :execrows
-- AddUsage adds to an hour of a tenant, if the tenant is registered, and nobody else has had its ID
-- since the counting began. Only of one that was registered later are the audit's entries looked at.
INSERT INTO silo_usage (hour_ms, tenant_id, calls, errors, slow, size_bytes)
SELECT @hour_ms, t.id, @calls, @errors, @slow, @size_bytes
FROM silo_tenants AS t
WHERE t.id = @tenant_id AND (
    t.created_at < @since
    OR NOT EXISTS (SELECT 1 FROM silo_audit AS a WHERE a.tenant_id = t.id AND a.operation = 'forget' AND a.at >= @since)
)
ON CONFLICT (hour_ms, tenant_id) DO UPDATE
SET calls = calls + excluded.calls, errors = errors + excluded.errors, slow = slow + excluded.slow,
    size_bytes = iif(excluded.size_bytes > 0, excluded.size_bytes, size_bytes);

-- name: SetSize :exec
-- SetSize notes how large a tenant's file and its log were found to be.
UPDATE silo_tenants SET size_bytes = @size_bytes WHERE id = @tenant_id AND size_bytes IS NOT @size_bytes;

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
-- TopTenants returns the tenants that have most of what they are sorted by; -1 of them are all. Of all
-- that alone is added up, and the rest of those that are returned.
-- @scan ok
WITH firsts AS (
    SELECT
        t.id,
        t.display_name,
        t.state,
        t.size_bytes,
        coalesce(CASE @sort_by
            WHEN 'calls' THEN (SELECT sum(u.calls) FROM silo_usage AS u WHERE u.tenant_id = t.id AND u.hour_ms >= @since_ms)
            WHEN 'errors' THEN (SELECT sum(u.errors) FROM silo_usage AS u WHERE u.tenant_id = t.id AND u.hour_ms >= @since_ms)
            WHEN 'slow' THEN (SELECT sum(u.slow) FROM silo_usage AS u WHERE u.tenant_id = t.id AND u.hour_ms >= @since_ms)
            ELSE t.size_bytes
        END, 0) AS has
    FROM silo_tenants AS t
    WHERE t.state <> 'deleted'
    ORDER BY has DESC, t.id
    LIMIT @most
)
SELECT
    f.id,
    f.display_name,
    f.state,
    CAST(coalesce(sum(u.calls), 0) AS INTEGER) AS calls,
    CAST(coalesce(sum(u.errors), 0) AS INTEGER) AS errors,
    CAST(coalesce(sum(u.slow), 0) AS INTEGER) AS slow,
    CAST(coalesce(f.size_bytes, 0) AS INTEGER) AS bytes
FROM firsts AS f
LEFT JOIN silo_usage AS u ON u.tenant_id = f.id AND u.hour_ms >= @since_ms
GROUP BY f.has, f.id
ORDER BY f.has DESC, f.id;

-- name: CountStates :many
-- CountStates returns how many tenants are in which state.
-- @scan ok
SELECT state, count(*) AS tenants FROM silo_tenants GROUP BY state ORDER BY state;

-- name: SumSizes :one
-- SumSizes returns how large the tenants are that are not deleted, when each was last looked at.
-- @scan ok
SELECT CAST(coalesce(sum(size_bytes), 0) AS INTEGER) AS size_bytes FROM silo_tenants WHERE state <> 'deleted';

-- name: SumUsage :many
-- SumUsage returns what the tenants were asked together, by times of a length. An hour has a row of each
-- tenant that was called in it; who was called in a longer time is looked up, which is faster
-- than to tell the rows of all hours apart.
-- @scan ok
WITH hours AS (
    SELECT hour_ms, count(*) AS tenants, sum(calls) AS calls, sum(errors) AS errors, sum(slow) AS slow
    FROM silo_usage
    WHERE hour_ms >= @since_ms
    GROUP BY hour_ms
), spans AS (
    SELECT
        hour_ms - hour_ms % CAST(@length_ms AS INTEGER) AS from_ms,
        sum(tenants) AS tenants,
        sum(calls) AS calls,
        sum(errors) AS errors,
        sum(slow) AS slow
    FROM hours
    GROUP BY 1
)
SELECT
    coalesce(s.from_ms, 0) AS from_ms,
    CAST(iif(CAST(@length_ms AS INTEGER) = 3600000, s.tenants, (
        SELECT count(*) FROM silo_tenants AS t
        WHERE EXISTS (
            SELECT 1 FROM silo_usage AS u
            WHERE u.tenant_id = t.id AND u.hour_ms >= s.from_ms AND u.hour_ms < s.from_ms + CAST(@length_ms AS INTEGER)
        )
    )) AS INTEGER) AS tenants,
    CAST(s.calls AS INTEGER) AS calls,
    CAST(s.errors AS INTEGER) AS errors,
    CAST(s.slow AS INTEGER) AS slow
FROM spans AS s
ORDER BY 1;
