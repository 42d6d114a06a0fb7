CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- name: AddNote :exec
INSERT INTO notes (body) VALUES (@body);

-- name: ClearNotes :exec
DELETE FROM notes;

-- name: GetNote :one
SELECT * FROM notes WHERE id = @id;
