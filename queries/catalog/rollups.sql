-- name: GetRollup :one
SELECT * FROM silo_rollups
WHERE name = @name AND tenant_id = @tenant_id;

-- name: AdvanceRollup :execrows
-- AdvanceRollup changes nothing if somebody else has, since runs was read.
UPDATE silo_rollups
SET through_ms = @through_ms, runs = runs + 1, ran_ms = @ran_ms
WHERE name = @name AND tenant_id = @tenant_id AND period = @period AND runs = @runs;

-- name: BeginRollup :execrows
INSERT INTO silo_rollups (name, tenant_id, period, through_ms, ran_ms)
VALUES (@name, @tenant_id, @period, @through_ms, @ran_ms)
ON CONFLICT DO NOTHING;

-- name: RestartRollups :exec
-- RestartRollups has who has read the tenant before find that somebody else has changed the mark.
-- The time is the zero one.
UPDATE silo_rollups
SET through_ms = -62135596800000, runs = runs + 1
WHERE tenant_id = @tenant_id;

-- name: ListRollups :many
-- ListRollups returns those behind one, in the order of the primary key.
SELECT * FROM silo_rollups
WHERE (name, tenant_id) > (@after_name, @after_tenant)
ORDER BY name, tenant_id
LIMIT @most;

-- name: DeleteRollup :execrows
DELETE FROM silo_rollups WHERE name = @name;

-- name: DeleteRollupsOfTenant :exec
DELETE FROM silo_rollups WHERE tenant_id = @tenant_id;
