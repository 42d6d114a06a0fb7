-- name: ListNotes :many
SELECT * FROM notes ORDER BY id;

-- name: ListIDs :many
SELECT id FROM notes ORDER BY id;
