-- name: D :many
SELECT id FROM t;
