-- name: First :one
SELECT count(*) FROM t;
