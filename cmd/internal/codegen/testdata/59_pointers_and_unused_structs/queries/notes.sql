-- name: AddNote :one
INSERT INTO notes (body, at) VALUES (@body, @at) RETURNING *;

-- name: ListNotes :many
SELECT * FROM notes ORDER BY id;

-- name: Sizes :many
-- Sizes says how long they are.
SELECT id, length(body) AS size
FROM notes -- all of them
ORDER BY id;

-- name: Count :one
SELECT count(*) FROM notes;

-- name: WithEmbedded :many
SELECT sqlc.embed(embedded), notes.body FROM embedded LEFT JOIN notes ON notes.id = embedded.id;
