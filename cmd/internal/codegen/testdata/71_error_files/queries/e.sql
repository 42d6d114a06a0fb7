-- name: Identifier :one
SELECT "id FROM t;
