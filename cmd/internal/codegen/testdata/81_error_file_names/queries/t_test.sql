-- name: C :many
SELECT id FROM t;
