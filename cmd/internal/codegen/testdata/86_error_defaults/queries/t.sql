-- name: A :one
SELECT * FROM bad WHERE id = @id;
