-- name: Gap :many
SELECT id FROM t WHERE id = ?1 AND name = ?3;

-- name: TooHigh :many
SELECT id FROM t WHERE id = ?99999;

-- name: Zero :many
SELECT id FROM t WHERE id = ?0;

-- name: NumberedAndNamed :many
SELECT id FROM t WHERE name = @name AND id = ?1;

-- name: SliceOutside :many
SELECT id FROM t WHERE id = sqlc.slice(ids);

-- name: SliceBeside :many
SELECT id FROM t WHERE id IN (1, sqlc.slice(ids));

-- name: SliceAndOne :many
SELECT id FROM t WHERE id IN (sqlc.slice(ids)) OR id = @ids;

-- name: Unknown :many
SELECT id FROM t WHERE id = sqlc.maybe(id);

-- name: NoName :many
SELECT id FROM t WHERE id = sqlc.arg(1);

-- name: TwoNames :many
SELECT id FROM t WHERE id = sqlc.arg(a, b);

-- name: Hint :many
-- @param idd integer
-- @param id number
-- @param name
SELECT id FROM t WHERE id = @id AND name = @name;

-- name: HintAgainstNarg :many
-- @param name text not null
SELECT id FROM t WHERE name = sqlc.narg(name);

-- name: MissingHint :one
-- @column nam not null
SELECT name FROM t WHERE id = @id;

-- name: HintsThatContradict :one
-- @param name text
-- @column total integer not null
-- @param name blob
-- @column Total null
-- @column total integer
SELECT sum(id) AS total FROM t WHERE name = @name;
