-- name: A :many
SELECT id FROM t;
