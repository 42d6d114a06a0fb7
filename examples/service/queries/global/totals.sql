-- name: SetTotal :exec
-- SetTotal writes how many notes a tenant has, in place of what was there.
INSERT INTO totals (tenant_id, notes, counted_at) VALUES (@tenant_id, @notes, @counted_at)
ON CONFLICT (tenant_id) DO UPDATE SET notes = excluded.notes, counted_at = excluded.counted_at;

-- name: ListTotals :many
-- ListTotals returns the tenants behind one, by their IDs, at most max_rows of them.
SELECT totals.tenant_id, silo_tenants.display_name, totals.notes, totals.counted_at
FROM totals
JOIN silo_tenants ON silo_tenants.id = totals.tenant_id
WHERE totals.tenant_id > @after
ORDER BY totals.tenant_id
LIMIT @max_rows;

-- name: Ping :one
-- Ping reads a page of the database, and returns 0.
SELECT count(*) FROM totals WHERE tenant_id = '';
