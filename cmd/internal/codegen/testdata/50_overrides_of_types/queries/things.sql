-- name: AddThing :one
INSERT INTO things (uuid, parent, body, made, gone, done, ratio) VALUES (@uuid, @parent, @body, @made, @gone, @done, @ratio)
RETURNING *;

-- name: Since :many
SELECT uuid FROM things WHERE made >= @since OR uuid IN (sqlc.slice(uuids)) ORDER BY id;
