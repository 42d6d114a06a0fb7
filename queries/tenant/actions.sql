-- name: CreateAction :one
-- CreateAction adds an action to a module and returns it. kind is webhook, schedule or
-- script; spec is JSON.
INSERT INTO actions (id, module_id, kind, name, description, spec)
VALUES (@id, @module_id, @kind, @name, @description, @spec)
RETURNING *;

-- name: GetAction :one
-- GetAction returns the action with the given id.
SELECT *
FROM actions
WHERE id = @id;

-- name: ListActionsOfModule :many
-- ListActionsOfModule returns a module's actions in the order of their names.
SELECT *
FROM actions
WHERE module_id = @module_id
ORDER BY name, id;

-- name: ListActionsWithLastRun :many
-- ListActionsWithLastRun returns the actions of all enabled modules, each with its
-- latest run. An action that never ran has no last run.
-- @scan ok
SELECT
    actions.id,
    actions.name,
    actions.kind,
    modules.name AS module_name,
    action_runs.status AS last_status,
    action_runs.started_ms AS last_started_ms
FROM actions
JOIN modules ON modules.id = actions.module_id
LEFT JOIN action_runs ON action_runs.id = (
    SELECT latest.id
    FROM action_runs AS latest
    WHERE latest.action_id = actions.id
    ORDER BY latest.started_ms DESC, latest.id DESC
    LIMIT 1
)
WHERE modules.enabled
ORDER BY modules.name, actions.name, actions.id;

-- name: SearchActions :many
-- SearchActions returns the actions whose name or description matches an FTS5 query,
-- the best first, at most max_rows of them.
SELECT actions.*
FROM action_search
JOIN action_documents ON action_documents.id = action_search.rowid
JOIN actions ON actions.id = action_documents.action_id
WHERE action_search MATCH CAST(@query AS TEXT)
ORDER BY action_search.rank
LIMIT @max_rows;

-- name: DeleteAction :execrows
-- DeleteAction removes an action and, with it, its runs. It returns 0 when there is no
-- such action.
DELETE FROM actions
WHERE id = @id;
