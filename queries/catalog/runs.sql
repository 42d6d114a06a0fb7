-- name: InsertRun :one
-- InsertRun records a run that is about to begin.
INSERT INTO silo_runs (kind, actor, target, wanted) VALUES (@kind, @actor, @target, @wanted) RETURNING *;

-- name: PlanRun :exec
-- PlanRun records the tenants that a run is about, a JSON array of IDs.
INSERT INTO silo_run_results (run_id, tenant_id, result)
SELECT @run_id, value, 'planned' FROM json_each(@tenants) WHERE TRUE;

-- name: ResumeRun :execrows
-- ResumeRun records that a run goes on.
UPDATE silo_runs SET outcome = 'running', ended_at = NULL WHERE id = @id;

-- name: EndRun :execrows
-- EndRun records how a run has ended.
UPDATE silo_runs SET outcome = @outcome, ended_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = @id;

-- name: GetRun :one
-- GetRun returns a run.
SELECT * FROM silo_runs WHERE id = @id;

-- name: LastRun :one
-- LastRun returns the last run of a kind.
SELECT * FROM silo_runs WHERE kind = @kind ORDER BY id DESC LIMIT 1;

-- name: ListRuns :many
-- ListRuns returns the runs before one, newest first.
SELECT * FROM silo_runs WHERE id < @before ORDER BY id DESC LIMIT @max_rows;

-- name: CountRunResults :many
-- CountRunResults returns how many tenants of a run have which result.
-- @scan ok
SELECT result, count(*) AS tenants FROM silo_run_results WHERE run_id = @run_id GROUP BY result ORDER BY result;

-- name: ListRunResults :many
-- ListRunResults returns what became of the tenants behind one, in the order of their IDs.
SELECT * FROM silo_run_results WHERE run_id = @run_id AND tenant_id > @after ORDER BY tenant_id LIMIT @max_rows;

-- name: GetLastRunResult :one
-- GetLastRunResult returns what became of a tenant in the last run that was about it.
SELECT * FROM silo_run_results WHERE tenant_id = @tenant_id ORDER BY run_id DESC LIMIT 1;

-- name: BeginRunResult :execrows
-- BeginRunResult records that a tenant is about to be changed.
UPDATE silo_run_results
SET result = 'begun', from_version = @from_version, at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE run_id = @run_id AND tenant_id = @tenant_id;

-- name: SetRunResult :execrows
-- SetRunResult records what became of a tenant.
UPDATE silo_run_results
SET result = @result, from_version = @from_version, to_version = @to_version, took_ms = @took_ms, error = @error, next = @next,
    at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE run_id = @run_id AND tenant_id = @tenant_id;

-- name: ForgetRunResults :exec
-- ForgetRunResults forgets what became of single tenants in a run of long ago and those before it.
DELETE FROM silo_run_results WHERE run_id <= @run_id;

-- name: ForgetTenantInRuns :exec
-- ForgetTenantInRuns forgets a tenant in all runs.
DELETE FROM silo_run_results WHERE tenant_id = @tenant_id;
