-- name: AddUser :one
INSERT INTO users (kind, maybe_kind, settings, photo, level, anything)
VALUES (@kind, @maybe_kind, @settings, @photo, @level, @anything) RETURNING *;

-- name: OfKind :many
-- A parameter has the type of the column that it is compared with.
SELECT id, kind FROM users WHERE kind = @kind ORDER BY id;

-- name: OfKindWhole :one
SELECT * FROM users WHERE kind = @kind;

-- name: SetLevel :exec
-- @param level integer
UPDATE users SET level = @level;

-- name: OfKinds :many
SELECT id FROM users WHERE kind IN (sqlc.slice(kinds)) ORDER BY id;

-- name: Kinds :many
SELECT DISTINCT kind FROM users ORDER BY kind;

-- name: FirstKind :one
-- What is made of a column is no longer that column.
SELECT upper(kind) AS loud, level + 1 AS next FROM users ORDER BY id;

-- name: KindsOfLevels :many
-- What is one of the column's values, or none, keeps its type.
SELECT level, max(kind) AS last, coalesce(min(maybe_kind), max(maybe_kind)) AS maybe,
    CASE WHEN level > @least THEN kind END AS high, lag(kind) OVER (ORDER BY level) AS lower
FROM users GROUP BY level HAVING max(kind) >= @kind ORDER BY level;
