-- name: Count :one
SELECT count(*) FROM third;
