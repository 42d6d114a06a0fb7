-- name: addNote :exec
-- addNote is for the package's own code, such as methods in another file of it.
INSERT INTO notes (body) VALUES (@body);

-- name: listNotes :many
SELECT * FROM notes ORDER BY id;

-- name: ListNotes :many
SELECT * FROM notes ORDER BY id DESC;

-- name: pageOfNotes :many
SELECT id, length(body) AS size FROM notes ORDER BY id LIMIT @n OFFSET @skip;
