-- name: Comment :one
SELECT id FROM t; /* it goes on
