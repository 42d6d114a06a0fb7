-- name: B :many
SELECT id FROM t;
