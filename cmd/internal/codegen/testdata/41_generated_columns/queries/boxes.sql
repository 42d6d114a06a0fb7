-- name: AddBox :one
INSERT INTO boxes (width, height) VALUES (@width, @height) RETURNING *;

-- name: Larger :many
SELECT label FROM boxes WHERE area > @area ORDER BY area;
