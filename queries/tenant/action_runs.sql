-- name: StartActionRun :one
-- StartActionRun records that an action begins to run and returns the run.
INSERT INTO action_runs (id, action_id, started_ms)
VALUES (@id, @action_id, @started_ms)
RETURNING *;

-- name: FinishActionRun :execrows
-- FinishActionRun records how a run ended: succeeded, or failed with an error. It
-- returns 0 when there is no such run, or when it has ended before.
UPDATE action_runs
SET status = @status, finished_ms = CAST(@finished_ms AS INTEGER), error = @error
WHERE id = @id AND status = 'running';

-- name: ListRunsOfAction :many
-- ListRunsOfAction returns an action's latest runs, newest first, at most max_rows of
-- them.
SELECT *
FROM action_runs
WHERE action_id = @action_id
ORDER BY started_ms DESC, id DESC
LIMIT @max_rows;

-- name: SummarizeRuns :one
-- SummarizeRuns counts the runs that ended at or after from_ms and before until_ms, how
-- many of them succeeded, and how long they took: together and on average, in
-- milliseconds. Without any run every number is 0.
SELECT
    CAST(count(*) AS INTEGER) AS total,
    CAST(coalesce(sum(status = 'succeeded'), 0) AS INTEGER) AS succeeded,
    CAST(coalesce(sum(finished_ms - started_ms), 0) AS INTEGER) AS run_duration_ms,
    CAST(coalesce(avg(finished_ms - started_ms), 0) AS REAL) AS average_duration_ms
FROM action_runs
WHERE finished_ms >= CAST(@from_ms AS INTEGER) AND finished_ms < CAST(@until_ms AS INTEGER);

-- name: SummarizeRunsByHour :many
-- SummarizeRunsByHour does what SummarizeRuns does, hour by hour, oldest first; an hour
-- in which no run ended has no row. hour_ms is the hour's beginning.
SELECT
    CAST(finished_ms - finished_ms % 3600000 AS INTEGER) AS hour_ms,
    CAST(count(*) AS INTEGER) AS total,
    CAST(sum(status = 'succeeded') AS INTEGER) AS succeeded,
    CAST(avg(finished_ms - started_ms) AS REAL) AS average_duration_ms
FROM action_runs
WHERE finished_ms >= CAST(@from_ms AS INTEGER) AND finished_ms < CAST(@until_ms AS INTEGER)
GROUP BY hour_ms
ORDER BY hour_ms;

-- name: ListFailingActions :many
-- ListFailingActions returns the actions of which a run failed at or after from_ms, with
-- the number of runs that ended and of those that failed, the most failures first, at
-- most max_rows of them.
WITH recent AS (
    SELECT
        action_id,
        count(*) AS ended,
        sum(status = 'failed') AS failed
    FROM action_runs
    WHERE finished_ms >= CAST(@from_ms AS INTEGER)
    GROUP BY action_id
)
SELECT
    actions.id,
    actions.name,
    CAST(recent.ended AS INTEGER) AS ended,
    CAST(recent.failed AS INTEGER) AS failed
FROM recent
JOIN actions ON actions.id = recent.action_id
WHERE recent.failed > 0
ORDER BY recent.failed DESC, actions.id
LIMIT @max_rows;
