-- name: Linux :many
SELECT id FROM t;
