-- name: InsertOr :exec
INSERT OR ROLLBACK INTO t (name) VALUES (@name);

-- name: UpdateOr :exec
UPDATE OR ROLLBACK t SET name = @name WHERE id = @id;

-- name: OnlyText :one
-- Text and comments that speak of OR ROLLBACK are none of it.
SELECT 'INSERT OR ROLLBACK' AS text FROM t WHERE id = @id;
