-- name: UpsertTenantHourlyStats :exec
-- UpsertTenantHourlyStats writes the summary of a tenant's hour in place of the one
-- there was. hour_ms is the hour's beginning.
INSERT INTO tenant_hourly_stats (tenant_id, hour_ms, total, succeeded, average_duration_ms, updated_ms)
VALUES (@tenant_id, @hour_ms, @total, @succeeded, @average_duration_ms, @updated_ms)
ON CONFLICT (tenant_id, hour_ms) DO UPDATE
SET
    total = excluded.total,
    succeeded = excluded.succeeded,
    average_duration_ms = excluded.average_duration_ms,
    updated_ms = excluded.updated_ms;

-- name: ListTenantHourlyStats :many
-- ListTenantHourlyStats returns a tenant's hours from from_ms until before until_ms,
-- oldest first.
SELECT *
FROM tenant_hourly_stats
WHERE tenant_id = @tenant_id AND hour_ms >= @from_ms AND hour_ms < @until_ms
ORDER BY hour_ms;

-- name: ListTenantStats :many
-- ListTenantStats returns one row a tenant that had a run in an hour from from_ms until
-- before until_ms: the busiest first, at most max_rows of them. The average is over all
-- runs, not over the hours.
SELECT
    tenant_id,
    CAST(sum(total) AS INTEGER) AS total,
    CAST(sum(succeeded) AS INTEGER) AS succeeded,
    CAST(sum(average_duration_ms * total) / sum(total) AS REAL) AS average_duration_ms
FROM tenant_hourly_stats
WHERE hour_ms >= @from_ms AND hour_ms < @until_ms AND total > 0
GROUP BY tenant_id
ORDER BY 2 DESC, tenant_id
LIMIT @max_rows;

-- name: DeleteTenantHourlyStatsBefore :execrows
-- DeleteTenantHourlyStatsBefore deletes every tenant's hours before hour_ms and returns
-- how many.
DELETE FROM tenant_hourly_stats
WHERE hour_ms < @hour_ms;
