-- name: Second :one
SELECT 2;
