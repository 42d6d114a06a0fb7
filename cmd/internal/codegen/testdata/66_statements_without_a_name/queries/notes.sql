-- There is a warning for what has no name, and for what gives nothing back.
SELECT 1;

-- name: GetNote :one
SELECT * FROM notes WHERE id = @id;

-- name: Touch :exec
SELECT * FROM notes WHERE id = @id;
