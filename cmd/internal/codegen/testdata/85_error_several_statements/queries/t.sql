-- What stands above all queries is passed over with a warning.
SELECT 1;

-- name: DeleteBoth :exec
DELETE FROM t WHERE id = @id; DELETE FROM t WHERE name = @name;

-- This is a comment of the second.
DELETE FROM t WHERE id = 1;

-- Name: Capital :many
SELECT * FROM t;

-- name NoColon :one
SELECT 1;

-- name: Right :exec
DELETE FROM t WHERE id = @id;
