-- name: Add :exec
INSERT INTO firsts (one) VALUES (@one);

-- name: List :many
SELECT * FROM firsts;
