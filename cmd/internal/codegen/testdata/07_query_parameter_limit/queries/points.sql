-- name: AddPoint :one
INSERT INTO points (x, y) VALUES (@x, @y) RETURNING *;

-- name: GetPoint :one
SELECT * FROM points WHERE id = @id;
