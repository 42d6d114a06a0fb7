-- name: Mixed :many
SELECT id FROM t WHERE id = ? AND name = @name;

-- name: Dollar :many
SELECT id FROM t WHERE id = $id;

-- name: Gap :many
SELECT id FROM t WHERE id = ?1 AND name = ?3;

-- name: SliceOutside :many
SELECT id FROM t WHERE id = sqlc.slice(ids);

-- name: SliceBeside :many
SELECT id FROM t WHERE id IN (1, sqlc.slice(ids));

-- name: SliceOfReal :many
SELECT id FROM t WHERE round(n) IN (sqlc.slice(ids));

-- name: SliceAndOne :many
SELECT id FROM t WHERE id IN (sqlc.slice(ids)) OR id = @ids;

-- name: Unknown :many
SELECT id FROM t WHERE id = sqlc.maybe(id);

-- name: NoName :many
SELECT id FROM t WHERE id = sqlc.arg(1);

-- name: SameField :many
SELECT id FROM t WHERE id = @some_id AND name = @some__id;

-- name: Hint :many
-- @param idd integer
-- @param id number
SELECT id FROM t WHERE id = @id;
