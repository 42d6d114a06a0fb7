-- name: Brace :one
SELECT {id} FROM t;
