-- name: AddBox :one
INSERT INTO boxes (width, height) VALUES (@width, @height) RETURNING *;

-- name: Larger :many
SELECT label FROM boxes WHERE area > @area ORDER BY area;

-- name: OfHalf :many
SELECT id, square FROM boxes WHERE half = @half;
