-- name: AddNote :execresult
-- AddNote adds a note.
INSERT INTO notes (body, at) VALUES (@body, @at);

-- name: CountNotes :one
SELECT count(*) FROM notes;

-- name: listNotes :many
SELECT * FROM notes;
