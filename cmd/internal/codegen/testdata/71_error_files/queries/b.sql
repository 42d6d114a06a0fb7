-- name: Open :one
SELECT 'it's' FROM t;
