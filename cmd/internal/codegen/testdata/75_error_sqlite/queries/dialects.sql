-- name: Cast :one
SELECT id::text FROM t WHERE id = @id;

-- name: ILike :many
SELECT id FROM t WHERE name ILIKE @name;

-- name: Now :exec
UPDATE t SET name = now() WHERE id = @id;

-- name: Return :one
INSERT INTO t (name) VALUES (@name) RETURN id;

-- name: Any :many
SELECT id FROM t WHERE name = ANY(@names);

-- name: Interval :many
SELECT id FROM t WHERE name > interval '1 day';

-- name: ForUpdate :many
SELECT id FROM t FOR UPDATE;

-- name: LimitAll :many
SELECT id FROM t LIMIT ALL;

-- name: Duplicate :exec
INSERT INTO t (name) VALUES (@name) ON DUPLICATE KEY UPDATE name = @name;

-- name: InsertColumn :exec
INSERT INTO t (nam) VALUES (@name);

-- name: TypeOfGo :many
-- @param x string
SELECT id FROM t WHERE name = @x;
